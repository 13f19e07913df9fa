// swift-tools-version: 6.2
import PackageDescription

// `make own-model` sets the address; with a tag of the public repository it would stand here.
let package = Package(
    name: "OwnModel",
    dependencies: [
        .package(url: Context.environment["SWIFT_VAE_URL"] ?? "../..", exact: "0.2.0")
    ],
    targets: [
        .executableTarget(name: "OwnModel", dependencies: [.product(name: "VAE", package: "swift-vae")])
    ]
)
