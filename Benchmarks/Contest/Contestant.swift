import Foundation

/// Someone who repeats a workload when asked.
protocol Contestant {
    /// Numbers that must agree with those of the other contestants, found before anything is timed.
    mutating func check() throws -> [Double]
    /// Does the work so many times.
    mutating func `repeat`(_ count: Int) throws
}

/// Answers on standard output, in lines of JSON: first the check, then, to each number on standard input, the seconds
/// that so many repetitions took and the most memory that the process has held.
func takePart(_ contestant: any Contestant) throws {
    var contestant = contestant
    try answer(["check": contestant.check()])
    while let line = readLine() {
        guard let count = Int(line) else { continue }
        let clock = ContinuousClock()
        let elapsed = try clock.measure { try contestant.repeat(count) }.components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        try answer(["seconds": seconds, "peak": peakMemory()])
    }
}

private func answer(_ value: [String: Any]) throws {
    let line = try JSONSerialization.data(withJSONObject: value) + Data("\n".utf8)
    FileHandle.standardOutput.write(line)
}

/// The largest resident size of this process so far, in bytes.
private func peakMemory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
}
