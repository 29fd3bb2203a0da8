#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// To compile all there is takes half a second. It is kept beside the code itself, where nobody else can write; where we cannot either,
// it is compiled each time.
enableCompileCache(join(import.meta.dirname, '.compile-cache'));

const { runCommandLine } = await import('./server/commands/run-command-line.ts');
await runCommandLine(process.argv.slice(2), process.env);
