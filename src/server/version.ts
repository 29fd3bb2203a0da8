import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findHostLayout } from '../kernel/host-layout.ts';

/** Longshore's own version, from its package.json. */
export function version(): string {
  const file = join(findHostLayout().root, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
