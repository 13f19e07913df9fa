// One import for a user: `import VAE` brings the parts that a program names.
@_exported import Bounds
@_exported import Classical
@_exported import Datasets
@_exported import Diagnostics
@_exported import Evaluation
@_exported import Figures
@_exported import Flows
@_exported import Layers
@_exported import Models
@_exported import Probability
@_exported import Reports
@_exported import Runs
@_exported import Settings
@_exported import Tensors
@_exported import Training
