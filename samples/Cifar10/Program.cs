using System.CommandLine;
using Cifar10;
using ModelDsl;

var data = new Option<DirectoryInfo>("--data") { Description = "The folder with CIFAR-10's binary version, as batch files or as cifar-10-binary.tar.gz." };
var residual = new Option<bool>("--residual") { Description = "The stronger model, with residual blocks and batch normalisation." };
var augment = new Option<bool>("--augment") { Description = "Mirror and shift pictures at random while training." };
var epochs = new Option<int>("--epochs") { Description = "How often to go through the training pictures.", DefaultValueFactory = _ => 10 };
var batch = new Option<int>("--batch") { Description = "Pictures per step.", DefaultValueFactory = _ => 32 };
var seed = new Option<int>("--seed") { Description = "Decides initial weights, orders and changes of pictures.", DefaultValueFactory = _ => 1 };
var run = new Option<DirectoryInfo>("--run") { Description = "A folder for checkpoints, log.csv and TensorBoard's files. Started again with the same options, the program continues where it was interrupted." };
var preview = new Option<FileInfo>("--preview") { Description = "Write a PNG file of the first pictures as the model sees them, and stop." };
var confusion = new Option<FileInfo>("--confusion") { Description = "Where to write the confusion matrix as a PNG file.", DefaultValueFactory = _ => new FileInfo("cifar10-confusion.png") };
var predict = new Option<FileInfo[]>("--predict") { Description = "Pictures of one's own to name afterwards.", AllowMultipleArgumentsPerToken = true }.AcceptExistingOnly();

var command = new RootCommand("Names what is on small pictures: airplane, automobile, bird, cat, deer, dog, frog, horse, ship or truck.")
{
    data, residual, augment, epochs, batch, seed, run, preview, confusion, predict,
};
return SampleProgram.Run(command, args, Run, Course.Help);

int Run(ParseResult options, CancellationToken cancellation)
{
    if (options.GetValue(data) is not { } folder)
    {
        Console.WriteLine(Course.Help);
        return 2;
    }

    var (train, test) = ModelDsl.Images.Cifar10.Load(folder.FullName);
    var course = new Course(train, test, options.GetValue(augment), options.GetValue(epochs), options.GetValue(batch), options.GetValue(seed), options.GetValue(run)?.FullName);
    if (options.GetValue(preview) is { } picture)
    {
        course.Preview(picture.FullName);
        return 0;
    }

    using Model model = options.GetValue(residual) ? new ResidualNet(course.Seed) : new CifarNet(course.Seed);
    if (!course.Train(model, cancellation))
        return 1;
    course.Test(model, options.GetValue(confusion)!.FullName);
    foreach (var file in options.GetValue(predict) ?? [])
        Course.Name(model, file.FullName);
    return 0;
}
