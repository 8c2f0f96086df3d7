using System.Runtime.CompilerServices;
using System.Text;
using ModelDsl.Ilgpu.Compiler;

// Formulas contain letters that code pages of consoles do not have. The targets read the same encoding.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
if (args is not [var file])
{
    Console.Error.WriteLine("The name of the file with the arguments is expected. The targets of the package ModelDsl.Ilgpu start this program.");
    return 2;
}

var options = CompileOptions.Read(File.ReadAllLines(file));
ProjectAssemblies.Resolve(options.References);
return Run(options);

// A method of its own: when it is compiled, assemblies of the project are loaded.
[MethodImpl(MethodImplOptions.NoInlining)]
static int Run(CompileOptions options) => CompileCommand.Run(options, Console.Out);
