using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;

namespace ModelDsl.Onnx.Tests;

/// <summary>The warnings of ONNX Runtime, by session.</summary>
internal static class OnnxLog
{
    private static readonly ConcurrentQueue<(string Session, string Message)> Warnings = [];

    // Kept, because native code calls it.
    private static readonly DOrtLoggingFunction Write = (_, severity, category, session, location, message) =>
    {
        if (severity >= OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING)
            Warnings.Enqueue((session, message));
    };

    private static readonly Lazy<OrtEnv> Environment = new(() =>
    {
        var options = new EnvironmentCreationOptions { logId = "tests", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, loggingFunction = Write };
        return OrtEnv.CreateInstanceWithOptions(ref options);
    });

    /// <summary>Collects warnings from now on.</summary>
    public static void Listen() => _ = Environment.Value;

    /// <summary>Fails if a session has warned.</summary>
    public static void AssertNone(string session) => Assert.DoesNotContain(Warnings, warning => warning.Session.Contains(session, StringComparison.Ordinal));
}
