import type { ValidationIssue } from 'longshore/sdk';
import type { DataEntry } from './data-entries.ts';
import { dockerConfigKey } from './registry-credentials.ts';

/** What is wrong with a `config.json` of Docker (CMP-97). Says nothing of what stands in it but where. */
export function checkDockerConfig(text: string, path: readonly string[]): readonly ValidationIssue[] {
  const issue = (code: string, message: string): readonly ValidationIssue[] => [{ path, code, message }];
  const config = parse(text);
  if (!isMap(config)) return issue('invalid_json', 'It must be a JSON object: the config.json of Docker');
  const { auths } = config;
  if (!isMap(auths) || Object.keys(auths).length === 0) {
    return issue(
      'no_credentials',
      'It must have credentials under "auths"; those in a credential store stay on its machine',
    );
  }
  const isEmpty = Object.values(auths).some((entry) => !hasCredentials(entry));
  return isEmpty
    ? issue('no_credentials', 'Each registry under "auths" must have an auth, or a username with a password')
    : [];
}

export function entriesOfDockerConfig(text: string): readonly DataEntry[] {
  return [{ key: dockerConfigKey, bytes: Buffer.from(text, 'utf8') }];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function hasCredentials(entry: unknown): boolean {
  if (!isMap(entry)) return false;
  const has = (name: string) => typeof entry[name] === 'string' && entry[name] !== '';
  return has('auth') || has('identitytoken') || (has('username') && has('password'));
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
