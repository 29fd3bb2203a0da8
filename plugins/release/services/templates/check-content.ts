import { manifestServiceRef } from 'longshore/plugins/core';
import type { Profile, RequestContext, ValidationIssue } from 'longshore/sdk';
import type { StackFormat } from '../../api.ts';
import { templateApps } from '../../profile-keys/templates.ts';
import { type ReadTemplate, readTemplate } from './read-template.ts';

/** Longest text of a template or stack, in UTF-8 bytes. */
export const longestContent: number = 256 * 1024;

/** What a text says; `issues` have all that is wrong with it, from its YAML to its dependencies. */
export async function readContent(
  format: StackFormat,
  content: string,
  profile: Profile,
  context: RequestContext,
): Promise<ReadTemplate> {
  const nothing = { apps: [], shared: [], directories: [], locate: () => ({}) };
  const tooLong = checkLength(content);
  if (tooLong.length > 0) return { ...nothing, issues: tooLong };
  const { documents, issues } = await context.service(manifestServiceRef).read(content, 'content');
  if (issues.length > 0) return { ...nothing, issues };
  return readTemplate(format, documents, profile.get(templateApps));
}

function checkLength(content: string): readonly ValidationIssue[] {
  const bytes = Buffer.byteLength(content, 'utf8');
  if (bytes <= longestContent) return [];
  const message = `content may have ${longestContent} bytes at the most, got ${bytes}`;
  return [{ path: ['content'], code: 'too_large', message }];
}
