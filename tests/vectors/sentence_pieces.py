"""Trains two small models of SentencePiece on a given text and writes them, with the ids and the texts that SentencePiece itself gives, for sentencepiece.json.

python3 sentence_pieces.py TEXT      # needs the module sentencepiece 0.1.97
"""
import json
import pathlib
import sys

import sentencepiece

HERE = pathlib.Path(__file__).parent
TEXTS = [
    "", " ", "hello world", "  two  spaces ", "A model is a list of attributes.", "line\nbreak\ttab", "naïve café e\u0301", "你好,世界", "ＡＢＣ ﬁ ½ ①", "👩‍👩‍👧 😀", "Привет мир",
    "12345 3.14", "x == y && !z", "<s> </s> <pad> <unk>", "▁word ▁ ▁▁", "nbsp\u00a0thin\u2009ideo\u3000x", "zero\u200bwidth \u00ad\ufeff", "attention" * 20,
]

# Some rules of NFKC, which the usual normalization has: all of them take 230 KB in a model.
RULES = {"Ａ": "A", "Ｂ": "B", "Ｃ": "C", "ﬁ": "fi", "½": "1⁄2", "①": "1", "e\u0301": "é", "\u00a0": " ", "\u2009": " ", "\u3000": " ", "\n": " ", "\t": " ", "\u200b": " ", "\u00ad": ""}

MODELS = {
    # As T5 has it: unigram, a normalization, padding.
    "unigram": dict(model_type="unigram", vocab_size=400, pad_id=0, eos_id=1, unk_id=2, bos_id=-1, normalization_rule_tsv="rules.tsv"),
    # As Llama 2 has it: BPE, no normalization, bytes for unknown characters.
    "bpe": dict(model_type="bpe", vocab_size=600, byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=True, split_digits=True),
}

def codes(text):
    return " ".join(f"{ord(character):X}" for character in text)


rules = pathlib.Path("rules.tsv")
rules.write_text("".join(f"{codes(source)}\t{codes(target)}\n" for source, target in RULES.items()))
models = {}
for name, options in MODELS.items():
    path = HERE / f"sentencepiece_{name}.model"
    sentencepiece.SentencePieceTrainer.train(input=sys.argv[1], model_prefix=str(path.with_suffix("")), num_threads=1, minloglevel=1, **options)
    path.with_suffix(".vocab").unlink()
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    models[name] = {
        "size": processor.vocab_size(), "unknown": processor.unk_id(), "padding": processor.pad_id() if processor.pad_id() >= 0 else processor.eos_id(),
        "texts": [{"text": text, "ids": processor.encode(text), "decoded": processor.decode(processor.encode(text))} for text in TEXTS],
    }

rules.unlink()
lines = [f'"{name}": {{' + f'"size": {model["size"]}, "unknown": {model["unknown"]}, "padding": {model["padding"]}, "texts": [\n'
         + ",\n".join(json.dumps(text) for text in model["texts"]) + "\n]}" for name, model in models.items()]
(HERE / "sentencepiece.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
