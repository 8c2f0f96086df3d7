using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ModelDsl.Generator.Tests.Generated;

/// <summary>A check in addition to the limits of loop programs: the compiled methods are small enough for the JIT compiler.</summary>
internal static class MethodSizes
{
    private const int MostBytes = 8_000;
    private const int MostLocals = 500;

    // They call every kernel of a model, or create its description: those of a Forward method may be as long as the method.
    private static readonly string[] LongInForwards = [".cctor", "Forward", "Backward", "Infer"];

    /// <summary>Holds every method of an assembly to the limits, except those of random Forward methods that grow with these.</summary>
    public static void Check(byte[] image)
    {
        using var file = new PEReader(new MemoryStream(image));
        var metadata = file.GetMetadataReader();
        var methods = 0;
        Failures.Collect(metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => method.RelativeVirtualAddress != 0), method =>
        {
            var (type, own) = (metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name), metadata.GetString(method.Name));
            if (type.StartsWith("Forward", StringComparison.Ordinal) && LongInForwards.Contains(own)) return;
            methods++;
            var body = file.GetMethodBody(method.RelativeVirtualAddress);
            var name = $"{type}.{own}";
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
