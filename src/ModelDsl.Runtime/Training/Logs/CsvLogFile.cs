using System.Globalization;
using System.Text;
using ModelDsl.Files;

namespace ModelDsl.Training.Logs;

/// <summary>The file of a <see cref="CsvLog"/>, which has one line per epoch or step of one run.</summary>
internal sealed class CsvLogFile : IDisposable
{
    private readonly StreamWriter writer;
    private readonly CsvLogLine line = new();

    private CsvLogFile(string path)
    {
        // Other programs may read the file while it is written.
        writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
    }

    /// <summary>Opens a file: the one of the run that is continued, or a new one.</summary>
    /// <param name="path">The path.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="resumed">The checkpoint that the run is continued from; null for a new run.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static CsvLogFile Open(string path, string[] columns, TrainingResumption? resumed)
    {
        var header = new CsvLogLine().Begin(columns[0]);
        foreach (var column in columns.AsSpan(1))
            header.Add(column);
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            if (File.Exists(path) && !(resumed is not null && Continue(path, header.Text.ToString(), resumed)))
                SetAside(path);
            var isNew = !File.Exists(path);
            var file = new CsvLogFile(path);
            if (isNew)
                file.Write(header);
            return file;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"The log '{path}' cannot be written: access is denied. Check that it is no folder, and the permissions of the file and of its folder.", exception);
        }
    }

    /// <summary>Begins a line, which is valid until the next one begins.</summary>
    /// <param name="kind">The first field.</param>
    public CsvLogLine Line(string kind) => line.Begin(kind);

    /// <summary>Writes a line, and passes it to the operating system.</summary>
    /// <param name="text">The line.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(CsvLogLine text)
    {
        writer.Write(text.Text);
        writer.WriteLine();
        writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            writer.Dispose();
        }
        catch (IOException)
        {
            // After an error there may be text left that cannot be written; the error was reported.
        }
    }

    /// <summary>Removes the lines that the continued run writes again, and a line that is not complete.</summary>
    /// <returns>Whether the file has the columns of this run.</returns>
    private static bool Continue(string path, string header, TrainingResumption resumed)
    {
        var text = File.ReadAllText(path);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0] != header)
            return false;
        string[] kept = [header, .. lines.Skip(1).Where(line => IsBefore(line, resumed))];
        var content = string.Join('\n', kept) + "\n";
        if (content != text)
            OutputFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(content)));
        return true;
    }

    /// <summary>Whether a line is of a step or an epoch that was complete at the checkpoint.</summary>
    private static bool IsBefore(string line, TrainingResumption resumed)
    {
        var fields = line.Split(',', 4);
        if (fields.Length < 4 || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out var epoch) || !long.TryParse(fields[2], CultureInfo.InvariantCulture, out var step))
            return false;
        // A checkpoint can be saved after the last step of an epoch and before its validation; then the epoch ends again.
        return fields[0] == "epoch" ? epoch < resumed.Epoch : step <= resumed.Steps;
    }

    /// <summary>Renames a file to the first free name of the kind <c>log.1.csv</c>.</summary>
    private static void SetAside(string path)
    {
        for (var number = 1; ; number++)
        {
            var target = Path.ChangeExtension(path, FormattableString.Invariant($".{number}{Path.GetExtension(path)}"));
            if (File.Exists(target))
                continue;
            File.Move(path, target);
            return;
        }
    }
}
