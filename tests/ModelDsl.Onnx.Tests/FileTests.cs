namespace ModelDsl.Onnx.Tests;

/// <summary>Tests that write a file.</summary>
public abstract class FileTests : IDisposable
{
    /// <summary>A folder for the test.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("modeldsl-onnx").FullName;

    /// <summary>The path of the file.</summary>
    protected string File => Path.Combine(Folder, "net.onnx");

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
