"""What is a tree, what is a chain, and what is left."""

from __future__ import annotations

import numpy as np
import pytest

from models.water.network.network import NodeKind
from models.water.network.read import read_network
from models.water.reduced.structure import CORE, FIXED, INNER, TREE, Structure, structure_of
from tests.models.water.epanet_snapshots import networks
from tests.models.water.tree_network import tree_network


def counts(structure: Structure) -> list[int]:
    """Return how many nodes are in the core, fixed, in trees and within chains."""
    return [int((structure.place == k).sum()) for k in (CORE, FIXED, TREE, INNER)]


def test_a_tree_leaves_its_tower() -> None:
    """A tree under a tower has no core, and each node comes before the one it hangs on."""
    structure = structure_of(tree_network(50, 0))
    assert counts(structure) == [0, 1, 50, 0]
    assert len(structure.edge_u) == 0
    place = {node: k for k, node in enumerate(structure.tree_node.tolist())}
    for node, parent in zip(structure.tree_node, structure.tree_parent, strict=True):
        assert place.get(int(parent), 50) > place[int(node)]


def test_ky4() -> None:
    """A third of ky4 hangs on it, and more than a quarter is in series."""
    pytest.importorskip("wntr")
    network = read_network(networks() / "ky4.inp")
    core, fixed, trees, inner = counts(structure_of(network))
    assert core + fixed + trees + inner == len(network.nodes) == 964
    assert (trees, inner) == (326, 272)


def test_every_link_is_somewhere() -> None:
    """Each link is of one tree or of one edge, once; edges run from end to end."""
    for seed in range(20):
        network = tree_network(40, seed % 6, seed)
        structure = structure_of(network, protected=[seed], kept=[3])
        links = np.concatenate((structure.tree_link, structure.edge_link))
        assert sorted(links.tolist()) == list(range(len(network.links)))
        for e in range(len(structure.edge_u)):
            here = int(structure.edge_u[e])
            for s in range(structure.edge_first[e], structure.edge_first[e + 1]):
                link = structure.edge_link[s]
                ends = {int(network.links.start[link]), int(network.links.end[link])}
                assert here in ends
                assert structure.edge_sign[s] == (1 if network.links.start[link] == here else -1)
                here = int(structure.edge_to[s])
                assert here in ends
            assert here == structure.edge_v[e]
            assert structure.place[here] in (CORE, FIXED)


def test_what_stays() -> None:
    """Protected nodes and kept links stay in the core, with the way to them."""
    network = tree_network(50, 0)
    leaf = int(structure_of(network).tree_node[0])
    structure = structure_of(network, protected=[leaf])
    assert structure.place[leaf] == CORE
    assert network.nodes.kind[50] == NodeKind.TANK
    structure = structure_of(network, kept=[7])
    assert 7 in structure.edge_link
