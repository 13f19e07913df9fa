"""Writes networks as BIF and what pgmpy answers when asked about them, and the best likelihoods of incomplete data.

    python make_networks.py

Made with pgmpy 1.1.2, numpy 2.4.6, scipy 1.17.1. Writes, beside itself,

    NAME.bif         the networks
    queries.json     for each network P(targets | evidence) by pgmpy's variable elimination of the BIF file, in float64
    learning.json    rows with entries missing, and the highest log-likelihood that a direct maximiser finds, which sums
                     over all completions and starts from many random tables

asia is that of Lauritzen and Spiegelhalter 1988, cancer and earthquake those of Korb and Nicholson 2010, survey that
of Scutari and Denis 2014, typed from the books. sachs, child and alarm have the arrows and the numbers of categories
of Sachs et al. 2005, of Spiegelhalter and Cowell 1992 and of Beinlich et al. 1989, but tables drawn at random here.
"""

import itertools
import json
import logging
import os
import re
import warnings

import numpy
import scipy.optimize

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
from pgmpy.inference import VariableElimination  # noqa: E402
from pgmpy.readwrite import BIFReader  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
random = numpy.random.default_rng(6)
YES_NO = ["yes", "no"]


def two(*chances):
    """Rows of a node with two categories, by the chance of the first."""
    return [[p, round(1 - p, 6)] for p in chances]


# name: (categories, parents, rows; the last parent's category is the fastest).
ASIA = {
    "asia": (YES_NO, [], two(0.01)),
    "tub": (YES_NO, ["asia"], two(0.05, 0.01)),
    "smoke": (YES_NO, [], two(0.5)),
    "lung": (YES_NO, ["smoke"], two(0.1, 0.01)),
    "bronc": (YES_NO, ["smoke"], two(0.6, 0.3)),
    "either": (YES_NO, ["lung", "tub"], two(1.0, 1.0, 1.0, 0.0)),
    "xray": (YES_NO, ["either"], two(0.98, 0.05)),
    "dysp": (YES_NO, ["bronc", "either"], two(0.9, 0.8, 0.7, 0.1)),
}
TRUE_FALSE = ["True", "False"]
CANCER = {
    "Pollution": (["low", "high"], [], two(0.9)),
    "Smoker": (TRUE_FALSE, [], two(0.3)),
    "Cancer": (TRUE_FALSE, ["Pollution", "Smoker"], two(0.03, 0.001, 0.05, 0.02)),
    "Xray": (["positive", "negative"], ["Cancer"], two(0.9, 0.2)),
    "Dyspnoea": (TRUE_FALSE, ["Cancer"], two(0.65, 0.3)),
}
EARTHQUAKE = {
    "Burglary": (TRUE_FALSE, [], two(0.01)),
    "Earthquake": (TRUE_FALSE, [], two(0.02)),
    "Alarm": (TRUE_FALSE, ["Burglary", "Earthquake"], two(0.95, 0.94, 0.29, 0.001)),
    "JohnCalls": (TRUE_FALSE, ["Alarm"], two(0.9, 0.05)),
    "MaryCalls": (TRUE_FALSE, ["Alarm"], two(0.7, 0.01)),
}
SURVEY = {
    "A": (["young", "adult", "old"], [], [[0.3, 0.5, 0.2]]),
    "S": (["M", "F"], [], two(0.6)),
    "E": (["high", "uni"], ["A", "S"], two(0.75, 0.64, 0.72, 0.7, 0.88, 0.9)),
    "O": (["emp", "self"], ["E"], two(0.96, 0.92)),
    "R": (["small", "big"], ["E"], two(0.25, 0.2)),
    "T": (
        ["car", "train", "other"], ["O", "R"],
        [[0.48, 0.42, 0.1], [0.58, 0.24, 0.18], [0.56, 0.36, 0.08], [0.7, 0.21, 0.09]],
    ),
}
SACHS = """[PKC 3][Plcg 3][PIP3 3|Plcg][PIP2 3|Plcg:PIP3][PKA 3|PKC][Jnk 3|PKA:PKC][P38 3|PKA:PKC][Raf 3|PKA:PKC]
[Mek 3|PKA:PKC:Raf][Erk 3|Mek:PKA][Akt 3|Erk:PKA]"""
CHILD = """[BirthAsphyxia 2][Disease 6|BirthAsphyxia][Sick 2|Disease][DuctFlow 3|Disease][CardiacMixing 4|Disease]
[LungParench 3|Disease][LungFlow 3|Disease][LVH 2|Disease][Age 3|Disease:Sick][Grunting 2|LungParench:Sick]
[HypDistrib 2|DuctFlow:CardiacMixing][HypoxiaInO2 3|CardiacMixing:LungParench][CO2 3|LungParench]
[ChestXray 5|LungParench:LungFlow][LVHreport 2|LVH][GruntingReport 2|Grunting][LowerBodyO2 3|HypDistrib:HypoxiaInO2]
[RUQO2 3|HypoxiaInO2][CO2Report 2|CO2][XrayReport 5|ChestXray]"""
ALARM = """[HIST 2|LVF][CVP 3|LVV][PCWP 3|LVV][HYP 2][LVV 3|HYP:LVF][LVF 2][STKV 3|HYP:LVF][ERLO 2][HRBP 3|ERLO:HR]
[HREK 3|ERCA:HR][ERCA 2][HRSA 3|ERCA:HR][ANES 2][APL 2][TPR 3|APL][ECO2 4|ACO2:VLNG][KINK 2][MINV 4|INT:VLNG][FIO2 2]
[PVS 3|FIO2:VALV][SAO2 3|PVS:SHNT][PAP 3|PMB][PMB 2][SHNT 2|INT:PMB][INT 3][PRSS 4|INT:KINK:VTUB][DISC 2][MVS 3]
[VMCH 4|MVS][VTUB 4|DISC:VMCH][VLNG 4|INT:KINK:VTUB][VALV 4|INT:VLNG][ACO2 3|VALV][CCHL 2|ACO2:ANES:SAO2:TPR]
[HR 3|CCHL][CO 3|HR:STKV][BP 3|CO:TPR]"""


def drawn(text):
    """A network with the arrows of `[NODE categories|PARENT:PARENT]…` and random tables."""
    network = {}
    for name, size, parents in re.findall(r"\[(\w+) (\d)(?:\|([\w:]+))?\]", text):
        network[name] = ([f"s{i}" for i in range(int(size))], parents.split(":") if parents else [], None)
    for name, (categories, parents, _) in network.items():
        rows = int(numpy.prod([len(network[p][0]) for p in parents], initial=1))
        # Multiples of 2^-13: rows of them sum to one exactly, and their decimals are short.
        table = numpy.floor(random.dirichlet(numpy.full(len(categories), 0.7), rows) * 8192) / 8192
        table[:, 0] += 1 - table.sum(1)
        network[name] = (categories, parents, table.tolist())
    return network


NETWORKS = {
    "asia": ASIA, "cancer": CANCER, "earthquake": EARTHQUAKE, "survey": SURVEY, "sachs": drawn(SACHS),
    "child": drawn(CHILD), "alarm": drawn(ALARM),
}


def bif(name, network):
    lines = [f"network {name} {{", "}"]
    for node, (categories, _, _) in network.items():
        lines += [f"variable {node} {{", f"  type discrete [ {len(categories)} ] {{ {', '.join(categories)} }};", "}"]
    for node, (_, parents, rows) in network.items():
        bar = " | " + ", ".join(parents) if parents else ""
        lines.append(f"probability ( {node}{bar} ) {{")
        for labels, row in zip(itertools.product(*(network[p][0] for p in parents)), rows, strict=True):
            numbers = ", ".join(map(repr, row))
            lines.append(f"  ({', '.join(labels)}) {numbers};" if parents else f"  table {numbers};")
        lines.append("}")
    return "\n".join(lines) + "\n"


def sample(network):
    row = {}
    while len(row) < len(network):
        for node, (categories, parents, rows) in network.items():
            if node in row or any(p not in row for p in parents):
                continue
            place = 0
            for p in parents:
                place = place * len(network[p][0]) + network[p][0].index(row[p])
            row[node] = str(random.choice(categories, p=rows[place]))
    return row


def queries(name, network):
    model = BIFReader(os.path.join(HERE, f"{name}.bif")).get_model()
    inference = VariableElimination(model)
    found = []
    for index in range(12):
        row = sample(network)
        nodes = [str(n) for n in random.permutation(list(network))]
        targets = nodes[: 1 + index % 2]
        evidence = {n: row[n] for n in nodes[len(targets) : len(targets) + min(index // 2, len(nodes) - 2)]}
        answer = inference.query(targets, evidence=evidence, show_progress=False)
        values = [
            float(answer.get_value(**dict(zip(targets, labels))))
            for labels in itertools.product(*(network[t][0] for t in targets))
        ]
        found.append({"targets": targets, "evidence": evidence, "values": values})
    return found


# Learning: networks so small that one sums over every completion.
DIAMOND = {"A": (2, []), "B": (3, ["A"]), "C": (2, ["A"]), "D": (2, ["B", "C"])}
CLASSES = {"H": (2, []), "A": (2, ["H"]), "B": (3, ["H"]), "C": (2, ["H"]), "D": (2, ["H"])}


def log_likelihood(structure, tables, rows):
    """Σ over rows of log Σ over all completions; -1 is missing."""
    names = list(structure)
    states = list(itertools.product(*(range(structure[n][0]) for n in names)))
    joint = numpy.ones(len(states))
    for n, table in zip(names, tables):
        for k, state in enumerate(states):
            place = 0
            for p in structure[n][1]:
                place = place * structure[p][0] + state[names.index(p)]
            joint[k] *= table[place, state[names.index(n)]]
    states = numpy.array(states)
    agrees = ((rows[:, None, :] == states[None]) | (rows[:, None, :] < 0)).all(-1)
    return numpy.log(agrees @ joint).sum()


def shapes(structure):
    return [(int(numpy.prod([structure[p][0] for p in ps], initial=1)), k) for k, ps in structure.values()]


def maximum(structure, rows, starts):
    kinds, counts = numpy.unique(rows, axis=0, return_counts=True)
    names = list(structure)
    states = numpy.array(list(itertools.product(*(range(structure[n][0]) for n in names))))
    agrees = ((kinds[:, None, :] == states[None]) | (kinds[:, None, :] < 0)).all(-1).astype(float)
    sizes = shapes(structure)
    places = []
    for n in names:
        place = numpy.zeros(len(states), int)
        for p in structure[n][1]:
            place = place * structure[p][0] + states[:, names.index(p)]
        places.append(place * structure[n][0] + states[:, names.index(n)])

    def unpack(v):
        tables, at = [], 0
        for r, k in sizes:
            logits = v[at : at + r * k].reshape(r, k)
            tables.append(logits - scipy.special.logsumexp(logits, 1, keepdims=True))
            at += r * k
        return tables

    def loss(v):
        tables = unpack(v)
        joint = numpy.exp(sum(t.reshape(-1)[p] for t, p in zip(tables, places)))
        evidence = agrees @ joint
        weights = joint * (agrees.T @ (counts / evidence))
        gradient = []
        for t, p in zip(tables, places):
            expected = numpy.bincount(p, weights, t.size).reshape(t.shape)
            gradient.append((expected - expected.sum(1, keepdims=True) * numpy.exp(t)).reshape(-1))
        return -(counts @ numpy.log(evidence)), -numpy.concatenate(gradient)

    size = sum(r * k for r, k in sizes)
    options = {"maxiter": 20000, "maxfun": 40000, "ftol": 1e-16, "gtol": 1e-10, "maxcor": 30}
    best = []
    for _ in range(starts):
        found = scipy.optimize.minimize(
            loss, random.standard_normal(size) * 1.5, jac=True, method="L-BFGS-B", options=options)
        best.append((-found.fun, found.x))
    best.sort(key=lambda pair: -pair[0])
    value, where = best[0]
    # The sum over completions once more, written without any of the arrays above.
    again = log_likelihood(structure, [numpy.exp(t) for t in unpack(where)], rows)
    assert abs(again - value) < 1e-8, (again, value)
    share = sum(v > value - 1e-5 for v, _ in best) / starts
    print(f"maximum {value:.9f}, reached by {share:.0%} of the starts, next {best[1][0]:.9f}")
    return value


def learning():
    found = {}
    for name, structure, count, missing, hidden, starts in [
        ("scattered", DIAMOND, 200, 0.25, [], 60),
        ("mostly-missing", DIAMOND, 120, 0.5, [], 60),
        ("hidden-class", CLASSES, 400, 0.0, ["H"], 60),
        ("hidden-and-scattered", CLASSES, 400, 0.15, ["H"], 60),
    ]:
        tables = [random.dirichlet(numpy.ones(k) * 0.8, r) for r, k in shapes(structure)]
        names = list(structure)
        rows = []
        for _ in range(count):
            state = []
            for n, table in zip(names, tables):
                place = 0
                for p in structure[n][1]:
                    place = place * structure[p][0] + state[names.index(p)]
                state.append(int(random.choice(structure[n][0], p=table[place])))
            rows.append([-1 if n in hidden or random.random() < missing else s for n, s in zip(names, state)])
        found[name] = {
            "nodes": [{"name": n, "size": k, "parents": ps} for n, (k, ps) in structure.items()],
            "rows": rows, "logLikelihood": maximum(structure, numpy.array(rows), starts),
        }
    return found


def write(name, value):
    with open(os.path.join(HERE, name), "w") as file:
        json.dump(value, file, indent=None, separators=(",", ":"))
        file.write("\n")


for name, network in NETWORKS.items():
    with open(os.path.join(HERE, f"{name}.bif"), "w") as file:
        file.write(bif(name, network))
write("queries.json", {name: queries(name, network) for name, network in NETWORKS.items()})
write("learning.json", learning())
