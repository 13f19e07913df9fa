// The ranges that several optimisers share.

/// Checks the constants of running moments.
///
/// - Throws: `LayersError.setting`.
func checkMoments(beta1: Double, beta2: Double, epsilon: Double) throws(LayersError) {
    try check((0..<1).contains(beta1), "beta1", beta1, "a number from 0 to below 1")
    try check((0..<1).contains(beta2), "beta2", beta2, "a number from 0 to below 1")
    try check(epsilon > 0 && epsilon.isFinite, "epsilon", epsilon, "a positive number")
}

/// Checks the pull towards zero.
///
/// - Throws: `LayersError.setting`.
func checkWeightDecay(_ weightDecay: Double) throws(LayersError) {
    try check(
        weightDecay >= 0 && weightDecay.isFinite, "weight decay", weightDecay, "0 or a positive number")
}
