namespace ModelDsl.Generator.Tests.Generated;

/// <summary>The models of a test class, compiled once for all its tests.</summary>
/// <param name="sources">Their sources.</param>
public abstract class LibraryFixture(params string[] sources) : IDisposable
{
    internal ModelLibrary Library { get; } = ModelLibrary.Of(sources);

    public void Dispose()
    {
        Library.Dispose();
        GC.SuppressFinalize(this);
    }
}
