import CommandLineKit

/// What `--version` prints.
let version = "0.1.0"

/// The program with all its commands.
let program = Command(
    "vae", summary: "Trains variational autoencoders on images and tables, and uses what they have learnt.",
    discussion: """
        'vae train' learns a model and leaves a run folder: the configuration, the weights, pictures and a report. \
        Every other command takes such a folder. 'vae fit' needs no networks and leaves a file.

        Data is a named set ('vae datasets' lists them), a folder of PNG or JPEG images, or an IDX, NPY or CSV \
        file.
        """,
    examples: [
        Example("vae train", "A model of the built-in sprites, in about a minute."),
        Example("vae train --data mnist --out runs/digits", "Handwritten digits, downloaded if need be."),
        Example("vae sample runs/digits", "New digits, as a picture in runs/digits/figures."),
    ],
    subcommands: [
        TrainCommand.command, RefitCommand.command, FitCommand.command, SampleCommand.command,
        ReconstructCommand.command, EncodeCommand.command, DecodeCommand.command, InterpolateCommand.command,
        TraverseCommand.command, ManifoldCommand.command, EvaluateCommand.command, GradientsCommand.command,
        CompareCommand.command, ScoreCommand.command, QueryCommand.command, InspectCommand.command,
        RecipesCommand.command, DatasetsCommand.command,
    ])
