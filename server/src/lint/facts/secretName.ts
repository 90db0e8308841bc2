/** Words that are a secret wherever they stand in a name, unless a word of `describing` stands beside them. */
const secretWords = new Set([
  'apikey',
  'apitoken',
  'accesskey',
  'secretkey',
  'privatekey',
  'authtoken',
  'accesstoken',
  'credential',
  'credentials',
  'passphrase',
  'passwd',
  'password',
  'pword',
  'secret',
  'token',
]);

/** `key` and `pwd` mean many things (an object's path, a working folder); one of these beside them decides. */
const keyOwners = new Set(
  (
    'access account admin anthropic api auth azure client cohere dashscope deepseek deepgram deploy elevenlabs ' +
    'encryption gemini google groq hf hmac huggingface jwt langchain langsmith license master mistral ngc nvidia ' +
    'openai openrouter pinecone private replicate secret service session signing ssh storage subscription tavily ' +
    'together wandb webui'
  ).split(' '),
);
const passwordOwners = new Set(
  'admin db database ftp mail mongo mysql pg postgres redis root smtp ssh user'.split(' '),
);

/** Words that turn the name into one about a secret: where it lies, what it is called, how long it is. */
const describing = new Set(
  (
    'algorithm algo allow allowed classification count dir directory disable disabled enable enabled endpoint ' +
    'expiration expire expires expiry file files fingerprint folder format header id ids implicit issuer ' +
    'length level limit max method min mode name names no num number optional parallelism path paths per ' +
    'prefix provider public required size skip suffix timeout ttl type uri url use version warn'
  ).split(' '),
);

/** A language model's tokens: `EOS_TOKEN`, `PAD_TOKEN_ID`, `IMAGE_TOKEN`. */
const modelTokens = new Set(
  (
    'added audio batch bos budget chunk class cls decoder end eos image mask new next pad position prefill sep special ' +
    'start stop think tool unk video vision'
  ).split(' '),
);

/** Keys everybody may read: of package archives, of tables. */
const openKeys = new Set(
  'apt cache foreign gpg host keyring keyserver partition pgp port primary repo repository ring rpm server sort'.split(
    ' ',
  ),
);

/**
 * Whether a variable's name says that it holds a secret. The name is split at `_`, `-`, `.` and between small and
 * capital letters; only whole words count, so that TOKENIZERS_PARALLELISM and MAX_TOKENS are no secrets.
 */
export function namesSecret(name: string): boolean {
  const words = wordsOf(name);
  if (words.some((word) => describing.has(word))) return false;
  const has = (set: ReadonlySet<string>): boolean => words.some((word) => set.has(word));
  if (words.includes('token') && has(modelTokens) && !has(new Set(['auth', 'access']))) return false;
  if (has(secretWords)) return !(words.includes('secret') && words.includes('pull'));
  if (words.includes('key')) return has(keyOwners) && !has(openKeys);
  return words.includes('pwd') && has(passwordOwners);
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_.-]+/)
    .filter((word) => word !== '');
}
