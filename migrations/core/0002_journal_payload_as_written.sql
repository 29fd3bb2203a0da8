ALTER TABLE "journal" ALTER COLUMN "payload" SET DATA TYPE json;
