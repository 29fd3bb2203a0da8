import { GraphQLError } from 'graphql';

/** What a scalar answers to input it cannot take: names the scalar, what was expected and what came (bounded). */
export function scalarInputError(scalar: string, expected: string, came: unknown): GraphQLError {
  const text =
    typeof came === 'string' ? JSON.stringify(came.length > 60 ? `${came.slice(0, 60)}…` : came) : typeof came;
  return new GraphQLError(`${scalar} must be ${expected}, got ${text}`, { extensions: { code: 'BAD_USER_INPUT' } });
}
