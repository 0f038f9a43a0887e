"""What a scenario's [links.<name>] may say where package = "models.links"."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from models.links.windowed import WINDOW_S
from twin.scenario.schema import Section


class Settings(Section):
    """Which link carries readings and commands."""

    kind: Literal["none", "ideal", "constant"] = Field(
        default="none", description="nothing arrives, everything arrives, a share is lost"
    )
    loss_share: float = Field(
        default=0.0, ge=0.0, le=1.0, description="of each message, kind constant"
    )
    delay_s: float = Field(
        default=0.0, ge=0.0, description="from sampling to reception, kind constant"
    )
    window_s: float = Field(
        default=WINDOW_S, gt=0.0, description="a policy reacts at most this long after a reception"
    )

    @model_validator(mode="after")
    def _nothing_is_ignored(self) -> Self:
        if self.kind != "constant" and (self.loss_share > 0.0 or self.delay_s > 0.0):
            raise ValueError(
                f"ni loss_share ni delay_s avec kind = « {self.kind} »"
                f" | neither loss_share nor delay_s with kind = '{self.kind}'"
            )
        return self
