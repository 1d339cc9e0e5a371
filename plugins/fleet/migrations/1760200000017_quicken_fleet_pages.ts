import { BaseSchema } from '@adonisjs/lucid/schema'

/** What pages about many miners need to know of a miner beside its newest sample. */
const COPIED = `
  set site_id = m.site_id, zone_id = m.zone_id, customer_id = m.customer_id,
    miner_status = m.status, nameplate_ths = m.nameplate_hashrate_ths`

const OURS = `status in ('active', 'maintenance')`

/**
 * Sums over 50,000 miners read the live layer alone: joining it to the miners costs three times as
 * much as adding up. So a live row carries the place, the status and the sticker of its miner, and
 * the database itself keeps them: whoever changes a miner, by whatever way, changes both.
 */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      alter table fleet_telemetry_live add zone_id uuid, add miner_status text,
        add nameplate_ths double precision`)
    // Filled by a trigger; null only while a row is being written.
    this.schema.raw(
      `alter table fleet_miners add is_seen boolean default false, add pool_worker text,
        add search_words text collate "C"`
    )
    this.keepWords()
    this.keepCopies()
    this.fill()
    this.schema.raw(`
      create index fleet_miners_unseen on fleet_miners (tenant_id, site_id, zone_id)
        where not is_seen and ${OURS}`)
    this.schema.raw(`
      create index fleet_miners_ours on fleet_miners (tenant_id, site_id, zone_id, customer_id, no)
        where ${OURS}`)
    for (const column of ['model', 'firmware_family']) {
      this.schema.raw(`create index fleet_miners_${column} on fleet_miners (tenant_id, ${column})`)
    }
    this.schema.raw(`
      create index fleet_miners_rack on fleet_miners (tenant_id, site_id, zone_id, no)
        where rack is not null and ${OURS}`)
    this.schema.raw(`
      create index fleet_miners_unplaced on fleet_miners (tenant_id, site_id, no)
        where rack is null and ${OURS}`)
  }

  /**
   * What a search looks into, in small letters: folding it for each search costs more. The name of
   * the worker at the pool is told by samples with details; it comes along when it changes.
   */
  private keepWords() {
    this.schema.raw(`
      create function fleet_keep_words() returns trigger language plpgsql as $$
      begin
        new.search_words := lower(concat_ws(' ', '#' || new.no, new.name, new.ip, new.mac,
          new.serial_number, new.make, new.model, new.hostname, new.worker, new.pool_worker) collate "C");
        if tg_op = 'INSERT' then new.is_seen := false; end if;
        return new;
      end $$`)
    this.schema.raw(`
      create trigger words before insert on fleet_miners
        for each row execute function fleet_keep_words()`)
    this.schema.raw(`
      create trigger words_again before update on fleet_miners for each row
        when ((old.no, old.name, old.ip, old.mac, old.serial_number, old.make, old.model,
            old.hostname, old.worker, old.pool_worker)
          is distinct from (new.no, new.name, new.ip, new.mac, new.serial_number, new.make, new.model,
            new.hostname, new.worker, new.pool_worker))
        execute function fleet_keep_words()`)
  }

  /**
   * A new live row takes what its miner says; the miner is locked by being marked as seen, so that
   * nobody moves it in between. Rows that were there already cost nothing here.
   */
  private keepCopies() {
    this.schema.raw(`
      create function fleet_first_sample() returns trigger language plpgsql as $$
      begin
        update fleet_miners set is_seen = true, pool_worker = new.pool_user
          where tenant_id = new.tenant_id and no = new.miner_no;
        update fleet_telemetry_live l ${COPIED} from fleet_miners m
          where m.tenant_id = new.tenant_id and m.no = new.miner_no
            and l.tenant_id = new.tenant_id and l.miner_no = new.miner_no;
        return null;
      end $$`)
    this.schema.raw(`
      create trigger first_sample after insert on fleet_telemetry_live
        for each row execute function fleet_first_sample()`)
    this.schema.raw(`
      create function fleet_worker_changed() returns trigger language plpgsql as $$
      begin
        update fleet_miners set pool_worker = new.pool_user
          where tenant_id = new.tenant_id and no = new.miner_no;
        return null;
      end $$`)
    this.schema.raw(`
      create trigger worker after update of pool_user on fleet_telemetry_live for each row
        when (old.pool_user is distinct from new.pool_user) execute function fleet_worker_changed()`)
    this.schema.raw(`
      create function fleet_miner_changed() returns trigger language plpgsql as $$
      begin
        update fleet_telemetry_live
          set site_id = new.site_id, zone_id = new.zone_id, customer_id = new.customer_id,
            miner_status = new.status, nameplate_ths = new.nameplate_hashrate_ths
          where tenant_id = new.tenant_id and miner_no = new.no;
        return null;
      end $$`)
    this.schema.raw(`
      create trigger live_copy after update on fleet_miners for each row
        when ((old.site_id, old.zone_id, old.customer_id, old.status, old.nameplate_hashrate_ths)
          is distinct from
          (new.site_id, new.zone_id, new.customer_id, new.status, new.nameplate_hashrate_ths))
        execute function fleet_miner_changed()`)
  }

  /** Rows from before: the owner is bound by row level security too, so it is lifted meanwhile. */
  private fill() {
    const tables = ['fleet_miners', 'fleet_telemetry_live']
    for (const table of tables) {
      this.schema.raw(`alter table ${table} no force row level security`)
    }
    this.schema.raw(`
      update fleet_miners set is_seen = false, search_words = lower(concat_ws(' ', '#' || no, name, ip,
        mac, serial_number, make, model, hostname, worker) collate "C")`)
    this.schema.raw(`
      update fleet_miners m set is_seen = true, pool_worker = l.pool_user from fleet_telemetry_live l
        where l.tenant_id = m.tenant_id and l.miner_no = m.no`)
    this.schema.raw(`
      update fleet_telemetry_live l ${COPIED} from fleet_miners m
        where m.tenant_id = l.tenant_id and m.no = l.miner_no`)
    for (const table of tables) {
      this.schema.raw(`alter table ${table} force row level security`)
    }
  }

  async down() {
    for (const name of ['rack', 'unplaced', 'model', 'firmware_family', 'ours', 'unseen']) {
      this.schema.raw(`drop index fleet_miners_${name}`)
    }
    for (const name of ['keep_words', 'first_sample', 'worker_changed', 'miner_changed']) {
      this.schema.raw(`drop function fleet_${name}() cascade`)
    }
    this.schema.raw('alter table fleet_miners drop is_seen, drop pool_worker, drop search_words')
    this.schema.raw(
      'alter table fleet_telemetry_live drop zone_id, drop miner_status, drop nameplate_ths'
    )
  }
}
