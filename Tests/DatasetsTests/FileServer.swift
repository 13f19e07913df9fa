import Foundation

/// Python's server of a folder, on a port of this machine.
struct FileServer {
    let address: String

    static let isAvailable: Bool = {
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        probe.arguments = ["python3", "-c", "import http.server"]
        probe.standardError = FileHandle.nullDevice
        return (try? probe.run()).map { probe.waitUntilExit() } != nil && probe.terminationStatus == 0
    }()

    /// Serves `folder` while `body` runs.
    ///
    /// A file named `cut-…` ends half-way.
    static func serving<Result>(_ folder: URL, _ body: (FileServer) throws -> Result) throws -> Result {
        let script = """
            import http.server, functools, os, sys
            class Handler(http.server.SimpleHTTPRequestHandler):
                def log_message(self, *arguments): pass
                def copyfile(self, source, output):
                    data = source.read()
                    cut = os.path.basename(self.path).startswith("cut-")
                    output.write(data[:len(data) // 2] if cut else data)
            handler = functools.partial(Handler, directory=sys.argv[1])
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            print(server.server_address[1], flush=True)
            server.serve_forever()
            """
        let server = Process()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments = ["python3", "-c", script, folder.path]
        let output = Pipe()
        server.standardOutput = output
        try server.run()
        defer {
            // A process begun on a thread of a pool inherits its mask, in which SIGTERM is blocked.
            kill(server.processIdentifier, SIGKILL)
            server.waitUntilExit()
        }
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = line.trimmingCharacters(in: .whitespacesAndNewlines)
        return try body(FileServer(address: "http://127.0.0.1:\(port)/"))
    }
}
