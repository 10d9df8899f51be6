"""Which tokenizer transformers builds from a folder: BERT's, or all that tokenizer.json says."""

from __future__ import annotations

from bertprep.vocabulary.rebuilt import CLASS_OF_MODEL, REBUILT
from bertprep.vocabulary.tokenizer_folder import (
    MODEL_CONFIG,
    TOKENIZER_CONFIG,
    TOKENIZER_JSON,
    TokenizerFolder,
)

# The classes, and the kinds of model without a class of their own, that are BERT to transformers.
_BERT_CLASSES = {
    f"{name}Tokenizer"
    for name in ("Bert", "DistilBert", "Electra", "MobileBert", "SqueezeBert", "ConvBert")
} | {"LayoutLMTokenizer", "LxmertTokenizer"}
_BERT_MODELS = {"bert", "distilbert", "electra", "mobilebert", "squeezebert", "convbert"} | {
    "layoutlm",
    "megatron-bert",
    "nomic_bert",
    "ernie",
    "nezha",
}
_WHOLE_CLASSES = {"PreTrainedTokenizer", "TokenizersBackend"}
# Models of which transformers heeds no class.
_WHOLE_MODELS = {"modernbert", "modernbert-decoder"}
BERT = "BertTokenizer"


def class_of(folder: TokenizerFolder) -> str | None:
    """The class that transformers builds, where it takes only tokens from tokenizer.json.

    Returns:
        ``BERT``, or one of ``rebuilt.REBUILT``; None for where all of tokenizer.json is taken.

    Raises:
        VocabularyError: if it builds another one.
    """
    name, source = folder.json(TOKENIZER_CONFIG).get("tokenizer_class"), TOKENIZER_CONFIG
    model = folder.json(MODEL_CONFIG)
    if model.get("model_type") in _WHOLE_MODELS and TOKENIZER_JSON in folder:
        return None
    if name is None:
        name, source = model.get("tokenizer_class"), MODEL_CONFIG
    if name is None:
        if model.get("model_type") in _BERT_MODELS or TOKENIZER_JSON not in folder:
            return BERT
        return CLASS_OF_MODEL.get(str(model.get("model_type")))
    if not isinstance(name, str):
        raise folder.error(source, f"says tokenizer_class is {name!r}; expected a name")
    plain = name.removesuffix("Fast")
    if plain in _BERT_CLASSES:
        return BERT
    if TOKENIZER_JSON in folder and plain in _WHOLE_CLASSES | REBUILT:
        return plain if plain in REBUILT else None
    if plain in _WHOLE_CLASSES | REBUILT:
        raise folder.error(
            source, f"says tokenizer_class is {name}, which needs a {TOKENIZER_JSON} beside it"
        )
    known = ", ".join(sorted(REBUILT))
    raise folder.error(
        source,
        f"says tokenizer_class is {name}, which is not supported; supported are BertTokenizer and "
        f"its like, {known}, and PreTrainedTokenizerFast, with which all of {TOKENIZER_JSON} is "
        "heeded",
    )


def is_configured(folder: TokenizerFolder) -> bool:
    """Whether there is a configuration that transformers reads the tokens with."""
    if TOKENIZER_CONFIG in folder or TOKENIZER_JSON in folder:
        return True
    # A config.json of a model, unless it is another's of that name.
    return folder.json(MODEL_CONFIG).get("model_type") in _BERT_MODELS
