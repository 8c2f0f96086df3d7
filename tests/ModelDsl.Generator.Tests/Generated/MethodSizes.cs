using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>The second line behind the loop programs' own limit: what the C# compiler makes of the text stays small enough for the JIT.</summary>
internal static class MethodSizes
{
    private const int MostBytes = 8_000;
    private const int MostLocals = 500;

    /// <summary>Holds every method of an assembly to the limits.</summary>
    public static void Check(byte[] image)
    {
        using var file = new PEReader(new MemoryStream(image));
        var metadata = file.GetMetadataReader();
        var methods = 0;
        Failures.Collect(metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => method.RelativeVirtualAddress != 0), method =>
        {
            methods++;
            var body = file.GetMethodBody(method.RelativeVirtualAddress);
            var name = $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{metadata.GetString(method.Name)}";
            var bytes = body.GetILBytes()!.Length;
            Assert.True(bytes < MostBytes, $"{name} has {bytes} bytes");
            if (body.LocalSignature.IsNil) return;
            var signature = metadata.GetBlobReader(metadata.GetStandaloneSignature(body.LocalSignature).Signature);
            signature.ReadSignatureHeader();
            var locals = signature.ReadCompressedInteger();
            Assert.True(locals < MostLocals, $"{name} has {locals} locals");
        });
        Assert.True(methods > 100, $"only {methods} methods");
    }
}
