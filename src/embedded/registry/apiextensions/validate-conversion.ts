import { asList, asObject, asString, type JsonObject } from '../../machinery/json.ts';
import {
  forbiddenValue,
  invalidValue,
  requiredValue,
  type SchemaProblem,
  unsupportedValue,
} from '../../machinery/schema/schema-problems.ts';
import { problemsOfName } from '../validation/names.ts';

const strategies = ['None', 'Webhook'];
const knownReviews = ['v1', 'v1beta1'];

/** How a definition says its versions are converted. Webhooks are taken as described and never called. */
export function validateConversion(conversion: JsonObject | undefined, path: string): SchemaProblem[] {
  if (conversion === undefined) return [];
  const problems: SchemaProblem[] = [];
  const strategy = asString(conversion.strategy) ?? '';
  if (strategy === '') problems.push(requiredValue(`${path}.strategy`));
  else if (!strategies.includes(strategy)) {
    problems.push(unsupportedValue(`${path}.strategy`, strategy, strategies));
  }
  const webhook = asObject(conversion.webhook);
  const client = asObject(webhook?.clientConfig);
  const reviews = asList(webhook?.conversionReviewVersions).map(String);
  const clientField = `${path}.webhookClientConfig`;
  const reviewsField = `${path}.conversionReviewVersions`;
  if (strategy !== 'Webhook') {
    const words = 'should not be set when strategy is not set to Webhook';
    if (client !== undefined) problems.push(forbiddenValue(clientField, words));
    if (reviews.length > 0) problems.push(forbiddenValue(reviewsField, words));
    return problems;
  }
  if (client === undefined) {
    problems.push(requiredValue(clientField, 'required when strategy is set to Webhook'));
  } else if ((client.url === undefined) === (client.service === undefined)) {
    problems.push(requiredValue(clientField, 'exactly one of url or service is required'));
  } else problems.push(...validateClient(client, clientField));
  return [...problems, ...validateReviews(reviews, reviewsField)];
}

function validateClient(client: JsonObject, path: string): SchemaProblem[] {
  const service = asObject(client.service);
  if (service !== undefined) {
    return ['name', 'namespace']
      .filter((key) => (asString(service[key]) ?? '') === '')
      .map((key) => requiredValue(`${path}.service.${key}`));
  }
  const url = asString(client.url) ?? '';
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1] ?? '';
  if (scheme === 'https') return [];
  const words = "'https' is the only allowed URL scheme; desired format: https://host[/path]";
  return [invalidValue(`${path}.url`, scheme, words)];
}

function validateReviews(reviews: readonly string[], path: string): SchemaProblem[] {
  if (reviews.length === 0) return [requiredValue(path)];
  const problems: SchemaProblem[] = [];
  for (const [at, version] of reviews.entries()) {
    if (reviews.indexOf(version) < at) {
      problems.push(invalidValue(`${path}[${at}]`, version, 'duplicate version'));
      continue;
    }
    for (const words of problemsOfName(version, 'dns-1035-label')) {
      problems.push(invalidValue(`${path}[${at}]`, version, words));
    }
  }
  if (!reviews.some((version) => knownReviews.includes(version))) {
    problems.push(invalidValue(path, reviews, `must include at least one of ${knownReviews.join(', ')}`));
  }
  return problems;
}
