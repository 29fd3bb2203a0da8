/**
 * What the database holds by itself, whatever is wrong in the code above it: a version that was submitted never changes and is never
 * deleted (REL-10). What goes on with it stays open: that it was published, and when.
 */
export const tableRules: readonly string[] = [
  `CREATE FUNCTION release_keep_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
    AND NEW.edit_state <> 'DRAFT'
    AND (NEW.id, NEW.service_id, NEW.number, NEW.spec, NEW.based_on_id, NEW.created_by, NEW.created_at, NEW.submitted_at)
      IS NOT DISTINCT FROM
      (OLD.id, OLD.service_id, OLD.number, OLD.spec, OLD.based_on_id, OLD.created_by, OLD.created_at, OLD.submitted_at)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'version % was submitted and never changes', OLD.id USING ERRCODE = 'restrict_violation';
END;
$$;`,
  `CREATE TRIGGER release_versions_kept BEFORE UPDATE OR DELETE ON release_versions
FOR EACH ROW WHEN (OLD.edit_state <> 'DRAFT') EXECUTE FUNCTION release_keep_versions();`,
];
