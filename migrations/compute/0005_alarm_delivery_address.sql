ALTER TABLE "compute_alarm_deliveries" DROP COLUMN "url";
