ALTER TABLE "release_app_services" ADD COLUMN "deletion" jsonb;
