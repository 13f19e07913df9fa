import Foundation
import Testing

@Suite struct UsageTests {
    @Test(
        arguments: [
            ("trian", "unknown command 'trian'; did you mean 'train'?"),
            ("train --epoch 3", "unknown option '--epoch'; did you mean '--epochs'?"),
            ("train --optimizer adma", "did you mean 'adam'?"),
            ("train --epochs 0", "invalid value '0' for '--epochs'; expected a whole number from 1"),
            ("train --learning-rate fast", "invalid value 'fast' for '--learning-rate'"),
            ("train --grey --colour", "'--grey' and '--colour' exclude each other"),
            ("train --likelihood bernoulli --variance 1", "'--variance' belongs to '--likelihood gaussian'"),
            (
                "train --likelihood bernoulli --likelihood-variance fixed",
                "'--likelihood-variance' belongs to '--likelihood gaussian'"
            ),
            // The likelihood that suits the sprites is no Gaussian.
            (
                "train --likelihood-variance learned",
                "'--likelihood-variance' belongs to '--likelihood gaussian'"
            ),
            (
                "train --likelihood gaussian --likelihood-variance optimal --variance 1",
                "'--variance' belongs to '--likelihood-variance fixed'"
            ),
            (
                "train --likelihood gaussian --pixel-variance-head relu",
                "'--pixel-variance-head' belongs to '--likelihood-variance pixel'"
            ),
            (
                "train --backward-samples 5",
                "'--backward-samples' is 5; allowed: fewer than samples, with iwae"
            ),
            ("train --parts 5", "'--parts' belongs to '--objective miwae' or 'piwae'"),
            (
                "train --objective iwae --objective-weight 5",
                "'--objective-weight' belongs to '--objective beta'"
            ),
            ("train --objective beta --capacity 5", "'--capacity' belongs to '--objective capacity'"),
            (
                "train --gradient dreg --baseline none",
                "'--baseline' is none; allowed: with the gradient by the score"
            ),
            ("train --gamma 5", "'--gamma' belongs to '--objective factor'"),
            ("train --objective elbow", "did you mean 'elbo'?"),
            ("train --resume run --gradient stl", "'--gradient' cannot change when a run is resumed"),
            ("train --network mlp --channels 8", "'--channels' belongs to '--network conv'"),
            (
                "train --network conv --hidden 8,8",
                "invalid value '8,8' for '--hidden'; expected a whole number"
            ),
            ("train --validation 0 --patience 3", "no validation split to watch"),
            ("train --lr 1e-3", "unknown option '--lr'; give '--learning-rate'"),
            ("train --batch_size 8", "did you mean '--batch-size'?"),
            ("train --beta 4", "give '--objective beta --objective-weight'"),
            ("train --model beta-vae", "give '--model vae --objective beta'"),
            ("train --latent-dim 4", "give '--latents'"),
            ("train --learning-rate 1e-320", "expected a number from 1e-12 to 1000"),
            ("train --epochs 9223372036854775807", "expected a whole number from 1 to 1000000"),
            ("train --resume run --latents 3", "'--latents' cannot change when a run is resumed"),
            ("sample", "missing <run>"),
            ("sample run --checkpoint bst", "did you mean 'best'?"),
            ("encode run --out codes.png", "expected a name that ends in .npy or .csv"),
            ("reconstruct run --split tset", "did you mean 'test'?"),
        ])
    func aWrongCommandLineIsToldAndExits64(line: String, complaint: String) throws {
        let outcome = try Vae.run(line)
        expectComplaint(outcome, status: 64, saying: [complaint])
        #expect(outcome.errors.contains("\nusage: vae "))
    }
}
