using System.IO.Compression;

namespace ModelDsl.Checkpoints;

/// <summary>
/// Recognizes a weight file in another format by its first bytes, and says how to convert it to safetensors. Nothing in such a file is executed or trusted.
/// </summary>
internal static class ForeignFile
{
    /// <summary>Returns the format of the file and what to do; null if the format is unknown.</summary>
    /// <param name="stream">The file, at any position.</param>
    /// <param name="path">Its path.</param>
    public static string? Advice(Stream stream, string path)
    {
        Span<byte> head = stackalloc byte[64];
        stream.Position = 0;
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];

        // The length of a header is less than 2³²: a damaged safetensors file is not mistaken for another format.
        if (head.Length < 9 || head[4..8].IndexOfAnyExcept((byte)0) < 0)
            return null;
        var source = Path.GetFileName(path);
        var target = Path.ChangeExtension(source, ".safetensors");
        if (head.StartsWith("PK\x3\x4"u8))
            return OfZip(stream, source, target);
        if (head[0] == 0x89 && head[1..].StartsWith("HDF"u8))
            return Keras(source, target, "an HDF5 file, as Keras and others write it");
        if (head[0] == 0x80 && head[1] is >= 2 and <= 5)
            return PyTorch(source, target, "a Python pickle, as older versions of PyTorch write it");
        if (head[0] == 0x93 && head[1..].StartsWith("NUMPY"u8))
            return NumPy(source, target, "an array of NumPy (.npy)", $"{{\"NAME\": numpy.load(\"{source}\")}}");
        if (IsOnnx(head))
        {
            return Python(
                "an ONNX model",
                "import onnx; from onnx import numpy_helper; from safetensors.numpy import save_file",
                $"save_file({{t.name: numpy_helper.to_array(t).copy() for t in onnx.load(\"{source}\").graph.initializer}}, \"{target}\")");
        }

        if (head.StartsWith("version https://git-lfs"u8))
            return "It is a pointer of Git LFS, a text that stands for the file: fetch the file itself with 'git lfs pull'.";
        if (head.StartsWith("GGUF"u8))
            return "It is a GGUF file, whose weights are mostly quantised: take the safetensors that it was made from.";
        return Text(head) switch
        {
            ['<', ..] => "It is a page in HTML or XML: the download gave a page instead of the file.",
            ['{', ..] => "It is JSON, such as the index of weights in several files: load each of the .safetensors files that it names, with AllowMissing = true.",
            _ => null,
        };
    }

    private static string OfZip(Stream stream, string source, string target)
    {
        try
        {
            stream.Position = 0;
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            string[] names = [.. zip.Entries.Select(static entry => entry.FullName)];
            if (names.Any(static name => name.EndsWith("/constants.pkl", StringComparison.Ordinal)))
                return PyTorch(source, target, "a TorchScript module of PyTorch", $"torch.jit.load(\"{source}\", map_location=\"cpu\").state_dict()");
            if (names.Any(static name => name.EndsWith("/data.pkl", StringComparison.Ordinal) || name == "data.pkl"))
                return PyTorch(source, target, "a file of PyTorch's torch.save");
            if (names.Any(static name => name.EndsWith(".weights.h5", StringComparison.Ordinal)))
                return Keras(source, target, "a model of Keras");
            if (names.Length > 0 && names.All(static name => name.EndsWith(".npy", StringComparison.Ordinal)))
                return NumPy(source, target, "an archive of NumPy (.npz)", $"dict(numpy.load(\"{source}\"))");
        }
        catch (InvalidDataException)
        {
            // The file is truncated, and its format cannot be determined.
        }

        return "It is a ZIP archive: unpack it, and load the .safetensors file in it.";
    }

    private static string PyTorch(string source, string target, string what) =>
        PyTorch(source, target, what, $"torch.load(\"{source}\", map_location=\"cpu\", weights_only=True)")
        + "\nIf that file holds more than weights, they are a part of it, such as torch.load(…)[\"state_dict\"].";

    private static string PyTorch(string source, string target, string what, string load) => Python(
        what,
        "import torch; from safetensors.torch import save_file",
        $"save_file({{name: t.contiguous().clone() for name, t in {load}.items()}}, \"{target}\")");

    private static string NumPy(string source, string target, string what, string load) =>
        Python(what, "import numpy; from safetensors.numpy import save_file", $"save_file({load}, \"{target}\")");

    /// <summary>The advice for Keras, whose kernels have the layouts [in, out] and [height, width, in, out].</summary>
    private static string Keras(string source, string target, string what) => Python(
        what,
        "import keras, numpy; from safetensors.numpy import save_file; w = keras.models.load_model(\"" + source + "\").weights",
        "save_file({v.path.replace(\"/\", \".\"): numpy.moveaxis(v.numpy(), (-1, -2), (0, 1)).copy() if v.name == \"kernel\" else v.numpy() for v in w}, \"" + target + "\")");

    private static string Python(string what, string first, string second) =>
        $"It is {what}. Two lines of Python (pip install safetensors) write its weights as safetensors:\n  {first}\n  {second}";

    /// <summary>
    /// A ModelProto begins with the version of the format, field 1, a small number. Text fields (producer, domain), numbers (model version) or the
    /// graph follow (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
    /// </summary>
    private static bool IsOnnx(ReadOnlySpan<byte> head) =>
        head[0] == 0x08 && head[1] is > 0 and < 64 && head[2] is 0x12 or 0x1A or 0x22 or 0x28 or 0x32 or 0x3A or 0x42;

    private static ReadOnlySpan<char> Text(ReadOnlySpan<byte> head) => System.Text.Encoding.Latin1.GetString(head).AsSpan().TrimStart();
}
