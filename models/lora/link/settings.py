"""What a scenario's [links.<name>] may say where package = "models.lora.link"."""

from __future__ import annotations

from pydantic import Field

from models.lora.link.network_settings import NetworkKeys
from models.lora.settings import RadioSection, SitesSection
from twin.scenario.schema import InputFile


class Settings(NetworkKeys):
    """The territory's LoRaWAN network: planned gateways, its radio, its engine.

    The uncertain figures (`models.lora.radio_figures`) come from the assumptions' table, drawn once
    a replication: they have no key here. `outside.per_s` comes on top of the other networks' frames
    drawn there (`outside_frames_per_s`): a planner's stand-in for the devices of the same network
    that the study does not play, such as the meters.
    """

    gateways: InputFile = Field(description="CSV of the planned gateways: a column `id`")
    sites: SitesSection = Field(description="the tables those ids stand in")
    radio: RadioSection = RadioSection()
