import Foundation

/// The first free folder `runs/<data>-<network>-<n>`.
func freeRunFolder(data: String, network: String) -> URL {
    let stem = (data as NSString).lastPathComponent.split(separator: ".").first.map(String.init) ?? "data"
    var number = 1
    var url: URL { URL(filePath: "runs/\(stem)-\(network)-\(number)") }
    while FileManager.default.fileExists(atPath: url.path) { number += 1 }
    return url
}
