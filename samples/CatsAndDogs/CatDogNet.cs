using ModelDsl;

namespace CatsAndDogs;

/// <summary>Says how likely a photo of 150 × 150 pixels shows a dog rather than a cat.</summary>
[Model]
[Input(150, 150, 3)]
[Conv2D(32, 3), Relu]
[MaxPool2D(2)]
[Conv2D(64, 3), Relu]
[MaxPool2D(2)]
[Conv2D(128, 3), Relu]
[MaxPool2D(2)]
[Flatten]
[Dense(128), Relu]
[Dense(1)]
[BinaryCrossEntropy]
public sealed partial class CatDogNet;
