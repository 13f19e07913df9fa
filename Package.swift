// swift-tools-version: 6.2
import Foundation
import PackageDescription

// LibTorch is found in one of two ways. A checkout that `make setup` has prepared holds a link,
// `.libtorch`, to the unpacked library; its flags are computed here, so that a plain `swift build` works.
// A package that depends on a tag of this one has no such link (and may not inherit unsafe flags): there
// pkg-config supplies the same flags from `swift-vae-libtorch.pc`, which set-up writes beside the library.
let link = Context.packageDirectory + "/.libtorch"
let isPrepared = FileManager.default.fileExists(atPath: link + "/include")

let headerFlags: [CXXSetting] =
    isPrepared
    ? [.unsafeFlags(["-isystem", link + "/include", "-isystem", link + "/include/torch/csrc/api/include"])] : []
let libraryFlags: [LinkerSetting] =
    isPrepared
    ? [
        .unsafeFlags(["-L" + link + "/lib", "-Xlinker", "-rpath", "-Xlinker", link + "/lib"]),
        .linkedLibrary("torch_cpu"), .linkedLibrary("c10"), .linkedLibrary("m"),
    ] : [.linkedLibrary("m")]

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error), .enableUpcomingFeature("MemberImportVisibility")]

/// A library target in the house style and the test target that mirrors it.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies,
        swiftSettings: strict)
}

let package = Package(
    name: "swift-vae",
    products: [],
    targets: [
        // A lower row never imports a higher one; a target imports only what it names.
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
        .systemLibrary(
            name: "CTurboJPEG", pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        library("Formats", ["CZlib", "CPNG", "CTurboJPEG", "CCrypto"]),
        library("TestSupport"),
        tests("Formats", ["TestSupport"]),
        library("Figures", ["Formats"]), tests("Figures", ["Formats"]),
    ],
    cxxLanguageStandard: .cxx20
)
