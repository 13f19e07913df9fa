import Foundation

/// The first free folder `runs/<data>-<kind>-<n>`.
func freeRunFolder(data: String, kind: String) -> URL {
    let stem = (data as NSString).lastPathComponent.split(separator: ".").first.map(String.init) ?? "data"
    var number = 1
    var url: URL { URL(filePath: "runs/\(stem)-\(kind)-\(number)") }
    while FileManager.default.fileExists(atPath: url.path) { number += 1 }
    return url
}
