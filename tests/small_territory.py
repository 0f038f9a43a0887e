"""A territory of four communes and seven high points, small enough to study in seconds."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

COMMUNES = """\
# Four square communes of a made-up department; Lambert-93.
insee,name,population,epci,epci_name,area_km2,zmin_m,zmax_m,x_m,y_m
36901,Bourg-Nord-Ouest,360,200000001,Communauté du Nord,9,120,160,601500,6644500
36902,Bourg-Nord-Est,180,200000001,Communauté du Nord,9,125,170,604500,6644500
36903,Bourg-Sud-Ouest,90,200000002,Communauté du Sud,9,130,180,601500,6641500
36904,Bourg-Sud-Est,270,200000002,Communauté du Sud,9,110,150,604500,6641500
"""
MERGED = """\
old_insee,old_name,insee,name,merged_on
36905,Ancien-Bourg,36904,Bourg-Sud-Est,2019-01-01
"""
MASTS = """\
id,x_m,y_m,operators,insee,height_low_m,height_mode_m,height_high_m,height_status
M001,601000,6644000,2,36901,25,35,50,unverified
M002,604800,6644200,1,36902,25,35,50,unverified
M003,603600,6641800,3,36904,25,35,50,unverified
"""
MUNICIPAL = """\
id,x_m,y_m,kind,insee,height_low_m,height_mode_m,height_high_m,height_status
C36901,601500,6644500,church,36901,15,22,35,unverified
C36902,604500,6644500,church,36902,15,22,35,unverified
C36903,601500,6641500,church,36903,15,22,35,unverified
C36904,604500,6641500,water_tower,36904,18,28,40,unverified
"""
BASE = """\
[models]
lora = "models.lora"

[territory]
name = "Essai"
communes = "communes.csv"
merged_communes = "merged_communes.csv"

[assumptions]
table = "assumptions.csv"

[lora.meters]
inhabitants_per_meter = 1.8
height_m = 1.0

[lora.sites]
masts = "masts.csv"
municipal = "municipal_sites.csv"

[lora.radio]
max_range_km = 10.0

[lora.target]
redundancy = 2
share = 0.9
"""
GATEWAYS = """\
extends = "base.toml"

[study]
question = "Combien de passerelles ?"
question_en = "How many gateways?"
seed = 7
replications = 3
quick_replications = 3
tornado_replications = 1
start = 2027-01-04

[[option]]
id = "two-gateways"
name = "Deux passerelles"
name_en = "Two gateways"

[[option]]
id = "masts-only"
name = "Pylônes seulement"
name_en = "Masts only"
lora.sites.kinds = ["mast"]
"""


@dataclass(frozen=True)
class SmallTerritory:
    """The files of a small territory, to be spoilt by a test."""

    folder: Path

    @property
    def scenario(self) -> Path:
        """The scenario file a person would name."""
        return self.folder / "gateways.toml"

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file beside the scenario."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def replace(self, name: str, old: str, new: str) -> Path:
        """Replace the one place that reads `old` in a file."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (name, old, text.count(old))
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path


def write_small_territory(folder: Path, assumptions: Path) -> SmallTerritory:
    """Write the territory into `folder`, with a copy of the project's assumptions."""
    folder.mkdir(parents=True, exist_ok=True)
    territory = SmallTerritory(folder)
    territory.write("communes.csv", COMMUNES)
    territory.write("merged_communes.csv", MERGED)
    territory.write("masts.csv", MASTS)
    territory.write("municipal_sites.csv", MUNICIPAL)
    territory.write("base.toml", BASE)
    territory.write("gateways.toml", GATEWAYS)
    shutil.copyfile(assumptions, folder / "assumptions.csv")
    return territory
