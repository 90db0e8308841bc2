import { namesSecret } from './secretName';
import { secretIn, standsForNothing } from './secretValue';

/** Files that exist to hold a credential: their name is enough. */
const always =
  /(?:^|\/)(?:\.netrc|_netrc|\.git-credentials|\.pypirc|kaggle\.json|\.pgpass|id_(?:rsa|dsa|ecdsa|ed25519)|application_default_credentials\.json|service[-_]account(?:[-_]key)?\.json)$|(?:^|\/)(?:\.aws(?:\/credentials)?|\.docker\/config\.json|\.kube\/config|\.ssh|\.huggingface(?:\/token)?|\.cache\/huggingface\/token)$/;

/** Configuration that may hold one. */
const sometimes = /(?:^|\/)(?:\.npmrc|\.yarnrc|pip\.conf|pip\.ini|\.env|uv\.toml|\.condarc)$/;

/** What a file's path says about credentials in it. Trailing slashes are taken off before. */
export function credentialFile(path: string): 'always' | 'sometimes' | undefined {
  if (always.test(path)) return 'always';
  return sometimes.test(path) ? 'sometimes' : undefined;
}

/** A password or a variable of a secret before the `@` of a URL: `https://ci:${TOKEN}@host`. */
export function urlWithCredential(text: string): boolean {
  for (const match of text.matchAll(/\b[a-z][a-z0-9+.-]{0,20}:\/\/([^\s/'"]*)@/gi)) {
    const [user = '', password] = (match[1] ?? '').split(/:(?![-+?])/);
    if (password !== undefined && !standsForNothing(password.replace(/[${}]/g, ''))) return true;
    if (password !== undefined && /\$/.test(password)) return true;
    if (secretVariable(user) || secretIn(user)) return true;
  }
  return false;
}

/** The content of a settings file holds a credential itself, not the name of a variable that does. */
export function holdsCredential(text: string): boolean {
  if (secretIn(text)) return true;
  for (const longLine of text.split('\n')) {
    const line = longLine.slice(0, 2000);
    const entry = /^\s*(?:export\s+)?([\w.:/@-]*?)\s*[=:]\s*["']?(.*?)["']?\s*$/.exec(line);
    const name = /(_auth(?:Token)?|_password)$/.exec(entry?.[1] ?? '')?.[1] ?? entry?.[1] ?? '';
    const value = entry?.[2] ?? '';
    if (/^_(?:auth|password)/.test(name) && value !== '' && !value.startsWith('${')) return true;
    if (namesSecret(name) && !standsForNothing(value) && !value.startsWith('$')) return true;
  }
  return false;
}

/** A shell variable whose name says that it is a secret. */
export function secretVariable(text: string): boolean {
  return [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].some((match) => namesSecret(match[1] ?? ''));
}
