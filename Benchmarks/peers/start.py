"""What all start from: the weights of our model, by the places of its layers."""


def layers(start, part):
    """The weights and biases of the layers below a part of the model, in order."""
    place = lambda key: [int(word) if word.isdigit() else word for word in key.split(".")]
    keys = sorted((key for key in start if key.startswith(f"model/{part}.") and key.endswith(".weight")), key=place)
    return [(start[key], start[key.removesuffix("weight") + "bias"]) for key in keys]


def coupling_layers(start, count):
    """Of each coupling of the prior's flow, the layers of its network."""
    return [layers(start, f"priorModel.flow.couplings.{number}.hidden")
            + layers(start, f"priorModel.flow.couplings.{number}.head") for number in range(count)]
