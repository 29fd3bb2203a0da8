import { loadTokenFile } from '../access/token-file.ts';
import type { Settings } from '../config/settings.ts';

/** The platform's secret key; where none is set, which serve refuses, the one of the data folder. */
export async function loadSecretKey({
  secretKey,
  dataDir,
}: Pick<Settings, 'secretKey' | 'dataDir'>): Promise<Uint8Array> {
  return secretKey ?? Buffer.from(await loadTokenFile(dataDir, 'secret-key'), 'base64url');
}
