using ModelDsl.Images;

namespace ModelDsl;

public abstract partial class Dataset
{
    /// <summary>
    /// Returns the same samples, whose images are changed at random each time they are read, in the background. The first column must contain images: floats of the
    /// shape <c>[height, width]</c> or <c>[height, width, channels]</c>, where 0 is black and 1 is white.
    /// </summary>
    /// <param name="augmentations">The changes, such as <c>[new RandomFlip(), new RandomRotation(15), new RandomZoom(0.1)]</c>.</param>
    /// <param name="seed">
    /// The seed of the changes, which also depend on the seed of the batches, the number of the pass and the index of the sample: a run gives the same images on any
    /// number of threads.
    /// </param>
    /// <param name="edge">The pixels outside an image that was moved, rotated or reduced.</param>
    /// <exception cref="ArgumentException">The first column does not contain images, or they are too small for a crop.</exception>
    /// <example>
    /// <code>
    /// var (train, validation) = photos.Split(0.8, seed: 1);
    /// trainer.Fit(model, train.Augment([new RandomFlip(), new RandomRotation(15), new RandomZoom(0.1)], seed: 1), validation);
    /// </code>
    /// </example>
    public Dataset Augment(IReadOnlyList<Augmentation> augmentations, int seed = 0, ImageEdge edge = ImageEdge.Reflect)
    {
        ArgumentNullException.ThrowIfNull(augmentations);
        return new AugmentedDataset(this, [.. augmentations], seed, edge);
    }
}
