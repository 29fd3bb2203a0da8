const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids come from callers: what is no UUID would be an error of the database. */
export const isOperationId = (id: string): boolean => uuidPattern.test(id);
