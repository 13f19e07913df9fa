// swift-tools-version: 6.2
import PackageDescription

// LibTorch is found in one of two ways. In a checkout of its own, set-up leaves a link, `.libtorch`, to the
// unpacked library, and the flags below reach it, so that a plain `swift build` works. As a dependency this
// package may not carry such flags: there pkg-config supplies them from `swift-vae-libtorch.pc`, which set-up
// writes beside the library. The choice reads nothing from the disk, because SwiftPM caches manifests.
let link = Context.packageDirectory + "/.libtorch"
let isDependency = Context.packageDirectory.contains("/checkouts/")

let headerFlags: [CXXSetting] =
    isDependency
    ? []
    : [.unsafeFlags(["-isystem", link + "/include", "-isystem", link + "/include/torch/csrc/api/include"])]
let libraryFlags: [LinkerSetting] =
    isDependency
    ? []
    : [
        .unsafeFlags(["-L" + link + "/lib", "-Xlinker", "-rpath", "-Xlinker", link + "/lib"]),
        .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
    ]
let libTorch: [Target.Dependency] = isDependency ? ["CLibTorch"] : []

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error), .enableUpcomingFeature("MemberImportVisibility"),
]

/// For targets whose long loops are all in other targets: the optimizer would take a minute and gain nothing.
let quickToBuild: [SwiftSetting] =
    isDependency ? [] : [.unsafeFlags(["-Onone"], .when(configuration: .release))]

/// A library target in the house style and the test target that mirrors it.
func library(
    _ name: String, _ dependencies: [Target.Dependency] = [], isQuickToBuild: Bool = false
) -> Target {
    .target(
        name: name, dependencies: dependencies, swiftSettings: strict + (isQuickToBuild ? quickToBuild : []))
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies,
        swiftSettings: strict)
}

let package = Package(
    name: "swift-vae",
    products: [
        .library(name: "VAE", targets: ["VAE"]), .executable(name: "vae", targets: ["VAECommand"]),
    ],
    targets: [
        // A target imports only what it names, and only from rows below its own.
        .executableTarget(
            name: "VAECommand", dependencies: ["CThreads", "CommandLineKit", "Formats", "VAE"],
            swiftSettings: strict + quickToBuild),
        .target(name: "CThreads"),
        tests("VAECommand", ["CommandLineKit", "Formats", "TestSupport"]),

        library(
            "VAE",
            [
                "Bounds", "Classical", "Datasets", "Diagnostics", "Evaluation", "Figures", "Flows", "Formats",
                "Layers", "Models", "Probability", "Reports", "Runs", "Settings", "Tensors", "Training",
            ], isQuickToBuild: true),
        tests("VAE", ["Settings", "TestSupport"]),
        library(
            "Reports",
            ["Bounds", "Datasets", "Diagnostics", "Evaluation", "Figures", "Formats", "Runs", "Tensors"],
            isQuickToBuild: true),
        tests("Reports", ["Evaluation", "Figures", "Formats", "Runs", "TestSupport"]),

        library("Training", ["Bounds", "Datasets", "Layers", "Runs", "Settings", "Tensors"]),
        tests(
            "Training",
            [
                "Bounds", "Datasets", "Layers", "Models", "Probability", "Runs", "Settings", "TestSupport",
                "Tensors",
            ]),
        library("Diagnostics", ["Datasets", "Evaluation", "Layers", "Tensors"]),
        tests("Diagnostics", ["Datasets", "Evaluation", "TestSupport", "Tensors"]),
        library("Evaluation", ["Bounds", "Classical", "Datasets", "Layers", "Probability", "Tensors"]),
        tests(
            "Evaluation",
            ["Bounds", "Datasets", "Layers", "Models", "Probability", "TestSupport", "Tensors"]),
        library("Runs", ["Formats", "Settings", "Tensors"]),
        tests("Runs", ["Formats", "TestSupport", "Tensors"]),

        library("Models", ["Bounds", "Datasets", "Flows", "Layers", "Probability", "Settings", "Tensors"]),
        tests(
            "Models",
            ["Bounds", "Datasets", "Flows", "Layers", "Probability", "Settings", "TestSupport", "Tensors"]),
        library("Classical", ["Bounds", "Formats", "Tensors"]),
        tests("Classical", ["Bounds", "Formats", "Probability", "TestSupport", "Tensors"]),
        library("Bounds", ["Datasets", "Layers", "Probability", "Tensors"]),
        tests("Bounds", ["Datasets", "Layers", "Models", "Probability", "TestSupport", "Tensors"]),
        library("Flows", ["Layers", "Probability", "Tensors"]),
        tests("Flows", ["Layers", "Probability", "TestSupport", "Tensors"]),
        library("Probability", ["Tensors"]), tests("Probability", ["TestSupport", "Tensors"]),
        library("Layers", ["Tensors"]), tests("Layers", ["TestSupport", "Tensors"]),

        library("Datasets", ["Formats", "Tensors"]),
        tests("Datasets", ["Formats", "TestSupport", "Tensors"]),
        library("Figures", ["Formats"]), tests("Figures", ["Formats"]),

        library("Tensors", ["CMachine", "CTorch"]), tests("Tensors", ["TestSupport"]),
        // The files are compiled in groups; Units/Kernels.cpp says why.
        .target(
            name: "CTorch", dependencies: ["CMachine"] + libTorch, sources: ["Allocator.cpp", "Units"],
            cxxSettings: headerFlags, linkerSettings: libraryFlags + [.linkedLibrary("m")]),
        .target(name: "CMachine"), .systemLibrary(name: "CLibTorch", pkgConfig: "swift-vae-libtorch"),

        library("Settings", isQuickToBuild: true), tests("Settings"),

        library("Formats", ["CMachine", "CZlib", "CPNG", "CTurboJPEG", "CCrypto"]),
        tests("Formats", ["TestSupport"]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
        .systemLibrary(
            name: "CTurboJPEG", pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),

        .executableTarget(
            name: "QuickStart", dependencies: ["VAE"], path: "Examples/QuickStart", swiftSettings: strict),
        .executableTarget(
            name: "OwnModel", dependencies: ["VAE"], path: "Examples/OwnModel/Sources/OwnModel",
            swiftSettings: strict),
        .executableTarget(
            name: "Contest", dependencies: ["CThreads", "Formats", "VAE"], path: "Benchmarks/Contest",
            swiftSettings: strict),
        library("CommandLineKit", isQuickToBuild: true), tests("CommandLineKit"),
        library("TestSupport", ["Bounds", "Layers", "Probability", "Tensors"]),
        tests("TestSupport", ["Probability", "Tensors"]),
    ],
    cxxLanguageStandard: .cxx20
)
