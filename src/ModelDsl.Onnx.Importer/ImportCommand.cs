using System.CommandLine;
using System.Globalization;
using ModelDsl.Onnx.Importer.Emit;
using ModelDsl.Onnx.Importer.Weights;

namespace ModelDsl.Onnx.Importer;

/// <summary>The command line. Errors are written in the format of MSBuild, which shows them as errors of the build.</summary>
internal static class ImportCommand
{
    /// <summary>Creates the command.</summary>
    public static RootCommand Create()
    {
        var file = new Argument<string>("file") { Description = "The ONNX file." };
        var model = new Option<string>("--model") { Description = "The name of the class.", Required = true };
        var space = new Option<string>("--namespace") { Description = "The namespace of the class.", DefaultValueFactory = _ => "" };
        var source = new Option<string>("--source") { Description = "The C# file to write.", Required = true };
        var weights = new Option<string>("--weights") { Description = "The safetensors file to write.", Required = true };
        var list = new Option<string>("--list") { Description = "The text to write that lists the tensors of the weights.", Required = true };
        var data = new Option<string>("--data") { Description = "The text to write that lists other files with numbers of the model.", Required = true };
        var trained = new Option<string>("--trained") { Description = "A safetensors file with trained weights. No weights are written then.", DefaultValueFactory = _ => "" };
        var prefix = new Option<string>("--trained-prefix") { Description = "What the names of the trained weights begin with.", DefaultValueFactory = _ => "" };
        var outputs = new Option<string>("--output") { Description = "The names of nodes or values that are the outputs, instead of those of the file, separated by semicolons.", DefaultValueFactory = _ => "" };
        var shapes = new Option<string>("--input-shape") { Description = "The shapes of inputs: name=1,3,224,224, separated by semicolons.", DefaultValueFactory = _ => "" };
        var batch = new Option<string>("--batch") { Description = "The axis of the samples: 0, 1, or none.", DefaultValueFactory = _ => "" };
        var command = new RootCommand("Writes an ONNX file as C# and safetensors.") { file, model, space, source, weights, list, data, trained, prefix, outputs, shapes, batch };
        command.SetAction(result => Run(result.GetValue(file)!, new(result.GetValue(source)!, result.GetValue(weights)!, result.GetValue(list)!, result.GetValue(data)!), () => new ImportOptions
        {
            Path = result.GetValue(file)!,
            Model = Name(result.GetValue(model)!),
            Namespace = result.GetValue(space)!,
            TrainedWeights = result.GetValue(trained)!,
            TrainedPrefix = result.GetValue(prefix)!,
            Outputs = Listed(result.GetValue(outputs)!),
            InputShapes = Shapes(Listed(result.GetValue(shapes)!)),
            Batch = Batch(result.GetValue(batch)!),
        }));
        return command;
    }

    /// <summary>Reads the arguments. One that begins with @ names a file with an argument in each line: no shell reads these.</summary>
    public static ParseResult Parse(IReadOnlyList<string> arguments) => Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = Lines });

    private static bool Lines(string path, out IReadOnlyList<string>? arguments, out string? error)
    {
        (arguments, error) = (null, null);
        try
        {
            arguments = File.ReadAllLines(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error = $"the file of arguments '{path}' cannot be read: {exception.Message}";
            return false;
        }
    }

    private static int Run(string file, ImportedFiles files, Func<ImportOptions> options)
    {
        try
        {
            var given = options();
            files.Write(given, OnnxImport.Of(given));
            return 0;
        }
        catch (ImportException exception)
        {
            return Failed(file, exception.Code, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Failed(file, ImportException.File, $"its result cannot be written: {exception.Message}");
        }
        catch (Exception exception)
        {
            // Weights are computed while they are written: what contradicts itself in the file may be found there only.
            return Failed(file, ImportException.Damaged, $"it cannot be converted: {exception.Message}");
        }
    }

    private static int Failed(string file, string code, string message)
    {
        Console.WriteLine($"{file} : error {code}: {message.ReplaceLineEndings(" ")}");
        return 1;
    }

    private static string[] Listed(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Name(string name) => name.Length > 0 && name.All(symbol => char.IsLetterOrDigit(symbol) || symbol == '_') && !char.IsDigit(name[0]) && !Keywords.All.Contains(name) && name is not ("Tensor" or "Model" or "Padding" or "Interpolation" or "System" or "ModelDsl")
        ? name
        : throw new ImportException(ImportException.Option, $"the name '{name}' is not that of a class, or the source needs it for another: Model=\"ResNet18\" is expected.");

    private static Dictionary<string, long[]> Shapes(string[] texts)
    {
        var shapes = new Dictionary<string, long[]>();
        foreach (var (name, sizes) in texts.Select(Shape))
        {
            if (!shapes.TryAdd(name, sizes)) throw new ImportException(ImportException.Option, $"InputShape has two shapes for the input '{name}': one is expected.");
        }

        return shapes;
    }

    private static KeyValuePair<string, long[]> Shape(string text)
    {
        var at = text.LastIndexOf('=');
        string[] sizes = at > 0 ? text[(at + 1)..].Split(',') : [];
        var numbers = sizes.Select(size => long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToArray();
        return numbers.Length > 0 && numbers.All(size => size > 0)
            ? new(text[..at], numbers)
            : throw new ImportException(ImportException.Option, $"the shape '{text}' of an input is not understood: InputShape=\"name=1,3,224,224\" is expected, with a size for each axis.");
    }

    private static int? Batch(string text) => text switch
    {
        "" => null,
        "none" => -1,
        _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var axis) ? axis : throw new ImportException(ImportException.Option, $"the axis of samples '{text}' is not understood: 0, 1 or none is expected."),
    };
}
