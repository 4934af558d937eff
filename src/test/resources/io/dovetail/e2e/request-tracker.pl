# What Request Tracker's own API cannot do: accounts with their rights, and what it does by itself.
use strict;
use warnings;
use lib '/usr/share/request-tracker5/lib';
use RT -init;

my ($what, @arguments) = @ARGV;

sub done {
    my ($ok, $message) = @_;
    die "$message\n" unless $ok;
}

if ($what eq 'account') {
    my ($name, @rights) = @arguments;
    my $user = RT::User->new(RT->SystemUser);
    done($user->Create(
        Name => $name, Password => "$name-pw1", Privileged => 1, EmailAddress => "$name\@example.com", Timezone => 'UTC'));
    my $queue = RT::Queue->new(RT->SystemUser);
    $queue->Load('General');
    done($user->PrincipalObj->GrantRight(Right => $_, Object => $queue)) for @rights;
}
elsif ($what eq 'escalate') {
    my ($id, $priority) = @arguments;
    my $ticket = RT::Ticket->new(RT->SystemUser);
    $ticket->Load($id);
    done($ticket->SetPriority($priority));
}
