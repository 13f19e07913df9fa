/// The candidate that a mistyped word most likely meant, or `nil` if none is near.
///
/// Near is: a third of the letters wrong at most (one always may be), or the beginning of a single
/// candidate. Of equally near ones the first is taken.
package func nearest(to word: String, among candidates: [String]) -> String? {
    let typed = word.lowercased()
    let ranked = candidates.map { (candidate: $0, distance: editDistance(typed, $0.lowercased())) }
    if let best = ranked.min(by: { $0.distance < $1.distance }),
        best.distance <= max(1, min(typed.count, best.candidate.count) / 3), best.distance < typed.count
    {
        return best.candidate
    }
    let completions = typed.count < 2 ? [] : candidates.filter { $0.lowercased().hasPrefix(typed) }
    return completions.count == 1 ? completions[0] : nil
}

/// The least number of insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
///
/// No letter is edited twice (the "optimal string alignment" form of Damerau and Levenshtein).
package func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
        var current = [i + 1]
        for j in b.indices {
            var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                cost = min(cost, beforePrevious[j - 1] + 1)
            }
            current.append(cost)
        }
        (beforePrevious, previous) = (previous, current)
    }
    return previous[b.count]
}
