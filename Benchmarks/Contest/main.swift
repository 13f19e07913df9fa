// Our side of the contest that `make bench` runs (Benchmarks/README.md): one process for one workload.
//
//     Contest prepare WORKLOAD START    writes the weights, data and noise that all contestants start from
//     Contest run WORKLOAD START        takes part: answers how long each asked number of repetitions took
//
// WORKLOAD is a file of JSON as Benchmarks/workloads.py writes it, START a safetensors file, and for the
// workload `folder` a folder of images.
import Foundation
import VAE

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
    FileHandle.standardError.write(Data("usage: Contest prepare|run WORKLOAD START\n".utf8))
    exit(64)
}
do {
    let workload = try JSONDecoder().decode(
        Workload.self, from: Data(contentsOf: URL(fileURLWithPath: arguments[2])))
    let start = URL(fileURLWithPath: arguments[3])
    Engine.flushDenormals()
    Engine.threadCount = workload.threads
    switch arguments[1] {
    case "prepare": try workload.prepare(start)
    default: try takePart(workload.contestant(from: start))
    }
} catch {
    FileHandle.standardError.write(Data("Contest: \(error)\n".utf8))
    exit(70)
}
