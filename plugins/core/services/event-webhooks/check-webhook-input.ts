import type { ValidationIssue } from 'longshore/sdk';
import type { WebhookDesk } from './webhook-desk.ts';

const mostName = 128;
const mostUrl = 2_048;
const mostDocument = 32_768;

/** What is wrong with the input of a webhook by itself. */
export function checkWebhookInput(input: {
  readonly displayName?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly subscription?: string | null | undefined;
  readonly variables?: unknown;
}): readonly ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  const refuse = (path: string, code: string, message: string) => issues.push({ path: [path], code, message });
  const { displayName, url, subscription, variables } = input;
  if (typeof displayName === 'string' && !isLabel(displayName)) {
    refuse('displayName', 'invalid_name', `displayName must be 1 to ${mostName} characters without control characters`);
  }
  // In a change it would count as not given.
  if (url === '') refuse('url', 'required', 'url must not be empty');
  if (subscription === '') refuse('subscription', 'required', 'subscription must not be empty');
  if (typeof url === 'string' && (url.length > mostUrl || !url.isWellFormed() || url.includes('\0'))) {
    refuse('url', 'too_long', `url must be a text of at most ${mostUrl} characters`);
  }
  if (typeof subscription === 'string' && (subscription.length > mostDocument || subscription.includes('\0'))) {
    refuse('subscription', 'too_long', `subscription must be a text of at most ${mostDocument} characters`);
  }
  if (variables !== undefined && variables !== null) {
    const isMap = typeof variables === 'object' && !Array.isArray(variables);
    const text = JSON.stringify(variables);
    if (!isMap) refuse('variables', 'invalid_variables', 'variables must be an object');
    else if (Buffer.byteLength(text) > mostDocument || text.includes('\\u0000') || !text.isWellFormed()) {
      refuse(
        'variables',
        'too_long',
        `variables must be an object of at most ${mostDocument} bytes of JSON without NUL`,
      );
    }
  }
  return issues;
}

/** What leads inside is refused when it is written; where a name leads is seen at each call. */
export function checkWebhookAddress(url: string, { egress }: Pick<WebhookDesk, 'egress'>): readonly ValidationIssue[] {
  const objection = egress.objectionTo(url);
  return objection === undefined ? [] : [{ path: ['url'], code: 'address_refused', message: `url ${objection}` }];
}

const isLabel = (text: string): boolean =>
  text.trim() !== '' && text.length <= mostName && !/\p{Cc}/u.test(text) && text.isWellFormed();
