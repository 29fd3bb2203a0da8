import type { ValidationIssue } from 'longshore/sdk';

export type InputPath = readonly (string | number)[];

export const issue = (path: InputPath, code: string, message: string): ValidationIssue => ({ path, code, message });
