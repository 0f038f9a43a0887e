"""What EPANET's error codes mean, and what to do about each, in both languages.

The codes are EPANET's (errors.dat of EPANET 2.3.6) [V]; the words are ours. A code without an entry
is told by EPANET's own text.
"""

from __future__ import annotations

from twin.lang import Text

_MEND = Text("corriger cette ligne", "mend this line")

MESSAGES: dict[int, tuple[Text, Text]] = {
    110: (
        Text("un réseau dont les équations ont une solution", "a network that can be solved"),
        Text(
            "chercher un nœud coupé de toute ressource, une pompe ou une vanne mal réglée",
            "look for a node cut off from every source, a pump or a valve set wrongly",
        ),
    ),
    201: (
        Text("une ligne que EPANET sait lire", "a line EPANET can read"),
        Text(
            "revoir l'ordre et le nombre des mots de la ligne dans cette section",
            "see to the order and number of the words of the line in this section",
        ),
    ),
    202: (
        Text("un nombre valable ici", "a number valid here"),
        Text(
            "écrire un nombre à point décimal, dans l'unité du fichier et du bon signe",
            "write a number with a decimal point, in the file's unit and of the right sign",
        ),
    ),
    203: (
        Text("un nœud qui existe", "a node that exists"),
        Text(
            "corriger le nom, ou ajouter le nœud à [JUNCTIONS], [RESERVOIRS] ou [TANKS]",
            "mend the name, or add the node to [JUNCTIONS], [RESERVOIRS] or [TANKS]",
        ),
    ),
    204: (
        Text("un tronçon qui existe", "a link that exists"),
        Text(
            "corriger le nom, ou ajouter le tronçon à [PIPES], [PUMPS] ou [VALVES]",
            "mend the name, or add the link to [PIPES], [PUMPS] or [VALVES]",
        ),
    ),
    205: (
        Text("une modulation qui existe", "a time pattern that exists"),
        Text("l'ajouter à [PATTERNS] ou corriger le nom", "add it to [PATTERNS] or mend the name"),
    ),
    206: (
        Text("une courbe qui existe", "a curve that exists"),
        Text("l'ajouter à [CURVES] ou corriger le nom", "add it to [CURVES] or mend the name"),
    ),
    207: (
        Text("un tronçon qui se commande", "a link that can be controlled"),
        Text(
            "ôter la commande : un clapet et une vanne GPV n'en prennent pas",
            "remove the control: a check valve and a GPV take none",
        ),
    ),
    208: (
        Text(
            "une pression requise d'au moins 0,1 au-dessus du minimum",
            "a required pressure at least 0.1 above the minimum",
        ),
        Text(
            "relever REQUIRED PRESSURE ou abaisser MINIMUM PRESSURE",
            "raise REQUIRED PRESSURE or lower MINIMUM PRESSURE",
        ),
    ),
    209: (Text("une propriété de nœud valable", "a valid node property"), _MEND),
    211: (Text("une propriété de tronçon valable", "a valid link property"), _MEND),
    213: (Text("une valeur d'option connue", "a known option value"), _MEND),
    214: (
        Text("une ligne de moins de 1024 signes", "a line under 1024 characters"),
        Text("couper la ligne", "cut the line"),
    ),
    215: (
        Text("un nom qui n'est pas déjà pris", "a name not already taken"),
        Text("renommer l'un des deux, ou ôter le double", "rename one of the two, or remove it"),
    ),
    216: (
        Text("une pompe qui existe", "a pump that exists"),
        Text("corriger le nom ou ajouter la pompe à [PUMPS]", "mend the name or add the pump"),
    ),
    219: (
        Text(
            "une vanne PRV, PSV ou FCV entre deux nœuds de conduite",
            "a PRV, PSV or FCV between two junctions",
        ),
        Text(
            "insérer un nœud et un court tronçon entre la vanne et le réservoir",
            "put a junction and a short pipe between the valve and the tank",
        ),
    ),
    220: (
        Text(
            "des vannes PRV, PSV ou FCV qui ne se touchent pas",
            "PRVs, PSVs or FCVs that do not touch",
        ),
        Text(
            "séparer les deux vannes par un nœud et un court tronçon",
            "part the two valves by a junction and a short pipe",
        ),
    ),
    221: (
        Text("une clause à sa place dans la règle", "a clause in its place in the rule"),
        Text("ordre : RULE, IF, AND/OR, THEN, ELSE, PRIORITY", "order: RULE, IF, THEN, ELSE"),
    ),
    222: (
        Text("un tronçon entre deux nœuds différents", "a link between two different nodes"),
        Text("corriger l'un de ses bouts", "mend one of its ends"),
    ),
    223: (
        Text("au moins deux nœuds", "two nodes or more"),
        Text("compléter [JUNCTIONS] et [RESERVOIRS]", "complete [JUNCTIONS] and [RESERVOIRS]"),
    ),
    224: (
        Text("une ressource : bâche ou réservoir", "a source: a reservoir or a tank"),
        Text(
            "ajouter au moins une ligne à [RESERVOIRS] ou [TANKS]",
            "add at least one line to [RESERVOIRS] or [TANKS]",
        ),
    ),
    225: (
        Text(
            "des niveaux minimum <= initial <= maximum, dans la courbe de volume",
            "levels minimum <= initial <= maximum, within the volume curve",
        ),
        Text("corriger les niveaux de ce réservoir", "mend the levels of this tank"),
    ),
    226: (
        Text("une pompe avec sa courbe ou sa puissance", "a pump with its curve or its power"),
        Text(
            "ajouter HEAD et une courbe, ou POWER, à la ligne de la pompe dans [PUMPS]",
            "add HEAD and a curve, or POWER, to the pump's line in [PUMPS]",
        ),
    ),
    227: (
        Text(
            "une courbe de pompe dont la hauteur décroît quand le débit croît",
            "a pump curve whose head falls as the flow rises",
        ),
        Text("corriger les points de la courbe de cette pompe", "mend the points of its curve"),
    ),
    230: (
        Text("une courbe aux abscisses croissantes", "a curve of increasing x values"),
        Text("ranger les points de cette courbe", "put the points of this curve in order"),
    ),
    231: (
        Text("une courbe qui a des points", "a curve that has points"),
        Text("compléter [CURVES]", "complete [CURVES]"),
    ),
    232: (
        Text("une modulation qui a des valeurs", "a pattern that has values"),
        Text("compléter [PATTERNS]", "complete [PATTERNS]"),
    ),
    234: (
        Text("un nœud relié au réseau", "a node linked to the network"),
        Text(
            "relier ce nœud par un tronçon, ou l'ôter de [JUNCTIONS]",
            "link this node by a pipe, or remove it from [JUNCTIONS]",
        ),
    ),
    299: (
        Text("une section que EPANET connaît", "a section EPANET knows"),
        Text(
            "corriger le titre entre crochets, ou ôter la section",
            "mend the title in brackets, or remove the section",
        ),
    ),
    302: (
        Text("un fichier de réseau EPANET lisible", "a readable EPANET network file"),
        Text("vérifier le chemin et les droits", "check the path and the permissions"),
    ),
}
MESSAGES[233] = MESSAGES[234]
