namespace ModelDsl.Distributed.Tests.Support;

/// <summary>The program that tests start as the ranks of a job.</summary>
internal static class Program
{
    public static int Main(string[] arguments) => 2;
}
